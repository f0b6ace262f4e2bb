using System.Diagnostics;
using FASTER.core;
using ShardStore.Storage.Checkpoints;
using Session = FASTER.core.ClientSession<FASTER.core.SpanByte, FASTER.core.SpanByte, byte,
    ShardStore.Storage.Faster.ReadSink, FASTER.core.Empty, ShardStore.Storage.Faster.KeyValueFunctions>;

namespace ShardStore.Storage.Faster;

/// <summary>One FASTER store with its one session and its files: stored keys to stored records. Used by one thread;
/// only <see cref="CompleteCheckpoint"/> runs elsewhere. A store has one such log at a time; clearing it starts the
/// next generation in a directory of its own.</summary>
internal sealed class ShardLog : IDisposable
{
    private static readonly TimeSpan s_versionShiftMax = TimeSpan.FromSeconds(30);
    private readonly FasterKV<SpanByte, SpanByte> _faster;
    private readonly LogDevice _device;
    private readonly CheckpointTokens _tokens;
    private Session _session = null!;
    private readonly byte[] _pad = new byte[LogDevice.Sector * 2];

    private ShardLog(string directory, ulong generation, LogShape shape, LogDevice device, CheckpointTokens tokens)
    {
        Directory = directory;
        Generation = generation;
        Shape = shape;
        _device = device;
        _tokens = tokens;
        _faster = new FasterKV<SpanByte, SpanByte>(new FasterKVSettings<SpanByte, SpanByte>
        {
            LogDevice = device,
            CheckpointManager = tokens,
            IndexSize = shape.IndexBytes,
            PageSize = shape.PageBytes,
            SegmentSize = shape.SegmentBytes,
            MemorySize = shape.MemoryBytes,
            ConcurrencyControlMode = ConcurrencyControlMode.None,
        });
    }

    public string Directory { get; }
    public ulong Generation { get; }
    public LogShape Shape { get; }
    public long BeginAddress => _faster.Log.BeginAddress;
    public long TailAddress => _faster.Log.TailAddress;
    public long ReadOnlyAddress => _faster.Log.SafeReadOnlyAddress;
    public long HeadAddress => _faster.Log.HeadAddress;
    public LogDevice Device => _device;

    public static ShardLog Create(string directory, ulong generation, LogShape shape)
    {
        ShardLog log = new(directory, generation, shape, new LogDevice(directory), new CheckpointTokens());
        log._session = log.StartSession();
        return log;
    }

    /// <summary>Rebuilds the index from the log up to the manifest's end. The files are checked before this.</summary>
    public static ShardLog Recover(string directory, CheckpointManifest manifest, LogShape shape)
    {
        ShardLog log = new(directory, manifest.Generation, shape, new LogDevice(directory), new CheckpointTokens());
        try
        {
            log.RecoverFrom(manifest);
            log._session = log.StartSession();
            return log;
        }
        catch (Exception failure) when (failure is IOException or StorageCorruptException)
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>False when there is no such record. A record on disk is waited for.</summary>
    public unsafe bool TryFind(ReadOnlySpan<byte> storedKey, ReadSink sink)
    {
        fixed (byte* pinned = storedKey)
        {
            SpanByte key = new(storedKey.Length, (nint)pinned);
            byte input = 0;
            ReadSink output = sink;
            ReadOptions options = default;
            Status status = _session.Read(ref key, ref input, ref output, ref options, out RecordMetadata metadata);
            sink.Address = metadata.Address;
            if (status.IsPending)
            {
                _session.CompletePending(wait: true);
                status = sink.Status;
            }
            _device.ThrowIfFailed();
            if (status.Found && sink.IsDamaged)
                throw new StorageCorruptException(Directory, sink.Address, "a record of the announced CRC32C");
            return status.Found;
        }
    }

    public unsafe void Upsert(ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> stored)
    {
        _device.ThrowIfFailed();
        fixed (byte* pinnedKey = storedKey, pinnedValue = stored)
        {
            SpanByte key = new(storedKey.Length, (nint)pinnedKey);
            SpanByte value = new(stored.Length, (nint)pinnedValue);
            if (_session.Upsert(ref key, ref value).IsPending)
                _session.CompletePending(wait: true);
        }
    }

    public unsafe void Delete(ReadOnlySpan<byte> storedKey)
    {
        _device.ThrowIfFailed();
        fixed (byte* pinned = storedKey)
        {
            SpanByte key = new(storedKey.Length, (nint)pinned);
            if (_session.Delete(ref key).IsPending)
                _session.CompletePending(wait: true);
        }
    }

    /// <summary>Walks records from one's address. To the end of the page that holds <paramref name="until"/>: pages
    /// on disk are loaded no further than a walk's end, so a record across it would be cut short.</summary>
    public IFasterScanIterator<SpanByte, SpanByte> Scan(long from, long until)
    {
        long pageEnd = (until + Shape.PageBytes - 1) / Shape.PageBytes * Shape.PageBytes;
        return _faster.Log.Scan(from, Math.Min(pageEnd, TailAddress), ScanBufferingMode.SinglePageBuffering);
    }

    /// <summary>Gives up everything below an address. Files stay until a checkpoint no longer needs them.</summary>
    public void ShiftBegin(long address) => _faster.Log.ShiftBeginAddress(address, false, false);

    /// <summary>Starts a checkpoint of exactly what is in the log now, and returns with the log's end fixed: the
    /// session does nothing until FASTER has moved to the next version and made the log read-only to its end. The
    /// end is padded to a sector first, so that no later write touches a sector of the checkpoint: FASTER marks old
    /// records in memory as superseded, and such a mark must not reach a sector that recovery will read.</summary>
    public Guid BeginCheckpoint(out long tailAddress)
    {
        PadToSector();
        tailAddress = TailAddress;
        if (!_faster.TryInitiateHybridLogCheckpoint(out Guid token, CheckpointType.FoldOver))
            throw new IOException($"{Directory}: FASTER refused to start a checkpoint while none is running");
        long started = Stopwatch.GetTimestamp();
        SpinWait wait = default;
        while (_faster.SystemState.Phase is Phase.PREPARE or Phase.IN_PROGRESS)
        {
            _session.Refresh();
            wait.SpinOnce(sleep1Threshold: -1);
            if (Stopwatch.GetElapsedTime(started) > s_versionShiftMax)
                throw new IOException($"{Directory}: a checkpoint's version shift did not end in {s_versionShiftMax}");
        }
        return token;
    }

    /// <summary>Waits in the background until everything is written, then makes it durable.</summary>
    public async Task<byte[]> CompleteCheckpoint(Guid token)
    {
        await _faster.CompleteCheckpointAsync().ConfigureAwait(false);
        _device.Sync();
        return _tokens.Take(token)
            ?? throw new IOException($"{Directory}: FASTER ended checkpoint {token} without its metadata");
    }

    public void Dispose()
    {
        _device.Drain();
        _session?.Dispose();
        _faster.Dispose();
        _device.Drain();
        _device.Dispose();
    }

    private Session StartSession() => _faster.For(new KeyValueFunctions()).NewSession<KeyValueFunctions>();

    private void RecoverFrom(CheckpointManifest manifest)
    {
        _tokens.Add(manifest.Token, manifest.FasterMetadata);
        try
        {
            _faster.Recover(default, manifest.Token, numPagesToPreload: -1, undoNextVersion: true);
        }
        catch (FasterException refused)
        {
            throw new StorageCorruptException(Directory, manifest.BeginAddress, "a log FASTER can recover", refused);
        }
        _device.ThrowIfFailed();
        _tokens.Take(manifest.Token);
        if (TailAddress != manifest.TailAddress)
            throw new StorageCorruptException(Directory, TailAddress, $"the log's end at {manifest.TailAddress}");
    }

    /// <summary>A record is its 8-byte head, key and value, each with a 4-byte length and rounded up to 8: the pad
    /// takes 16 + value. One too long for its page starts the next one, so a second round may be needed.</summary>
    private void PadToSector()
    {
        const int overheadBytes = 8 + 8;
        const int smallestBytes = overheadBytes + 8;
        while (TailAddress % LogDevice.Sector is var over and not 0)
        {
            int gap = (int)(LogDevice.Sector - over);
            if (gap < smallestBytes)
                gap += (int)LogDevice.Sector;
            Upsert([StoredKey.Pad], _pad.AsSpan(0, gap - overheadBytes - sizeof(int)));
        }
    }
}
