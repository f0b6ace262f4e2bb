using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Faster;

namespace ShardStore.Storage;

/// <summary>A shard replica's records in a FASTER log of its own directory.</summary>
public sealed class FasterKeyValueStore : IKeyValueStore
{
    private readonly string _directory;
    private readonly StoreOptions _options;
    private readonly List<ShardLog> _retired = [];
    private ShardLog _log;
    private ShardRecords _records;
    private LogScanner _scanner;
    private LogCompactor _compactor;
    private CheckpointRun? _run;
    private CheckpointManifest? _newest;

    internal FasterKeyValueStore(string directory, StoreOptions options, ShardLog log, CheckpointManifest? newest)
    {
        _directory = directory;
        _options = options;
        _newest = newest;
        _log = log;
        _records = new ShardRecords(log, newest?.Counters ?? default);
        _scanner = new LogScanner(log, _records);
        _compactor = new LogCompactor(log, options.CompactionSlackBytes);
    }

    public long KeyCount => _records.Counters.KeyCount;
    public long ExpiringCount => _records.Counters.ExpiringCount;
    public long LiveBytes => _records.Counters.LiveBytes;
    public long DiskBytes => StoreFiles.BytesIn(_directory);
    public ulong ContentHash => _records.Counters.ContentHash;

    public bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into) =>
        _records.TryRead(space, key, into);

    public void Put(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        _records.Put(new RecordStamp(space, sequence, expireAtMs), key, value);
        PayForCompaction();
    }

    public bool Delete(KeySpace space, ReadOnlySpan<byte> key, ulong sequence)
    {
        bool deleted = _records.Delete(space, key);
        PayForCompaction();
        return deleted;
    }

    /// <summary>Goes on in a new generation with a copy of the sessions. The old one stays on disk until a checkpoint
    /// of the new one is durable: a crash before that finds the newest checkpoint whole and replays the clearing.
    /// </summary>
    public void Clear(ulong sequence)
    {
        ulong generation = _log.Generation + 1;
        LogShape shape = LogShape.New(_options);
        string directory = StoreFiles.Generation(_directory, generation);
        Native.DurableFile.CreateDirectory(directory);
        ShardLog log = ShardLog.Create(directory, generation, shape);
        ShardRecords records = new(log, default);
        _scanner.CopyTo(records, KeySpace.Session);
        _retired.Add(_log);
        _log = log;
        _records = records;
        _scanner = new LogScanner(log, records);
        _compactor = new LogCompactor(log, _options.CompactionSlackBytes);
        DisposeRetired();
    }

    public ulong ComputeContentHash() => _scanner.ComputeContentHash();

    public ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor) =>
        _scanner.Scan(cursor, Math.Max(1, recordsMax), visitor);

    public bool TryBeginCheckpoint(CheckpointState state)
    {
        if (_run is not null)
            return false;
        _run = CheckpointRun.Begin(_directory, _log, _newest, state, _records.Counters);
        return true;
    }

    public CheckpointState? PollCheckpoint()
    {
        if (_run is not { Work.IsCompleted: true } run)
            return null;
        _run = null;
        CheckpointManifest manifest = run.Work.GetAwaiter().GetResult();
        _newest = manifest;
        DisposeRetired();
        StoreFiles.DeleteOutdated(_directory, manifest, _log.Generation);
        if (run.Log == _log)
            _log.Device.DeleteBelow(manifest.FirstSegment);
        return manifest.State;
    }

    public ISnapshotSource? OpenSnapshot() => _newest is null
        ? null
        : new FasterSnapshotSource(StoreFiles.Generation(_directory, _newest.Generation), _newest);

    public IScrub? OpenScrub() => _newest is null ? null : new CheckpointScrub(_directory, _newest);

    public StorageCorruptException? Damage { get; private set; }

    /// <summary>Waits for a checkpoint that is on its way: it reads the log's memory.</summary>
    public void Dispose()
    {
        if (_run is not null)
            Task.WaitAny(_run.Work);
        _run = null;
        DisposeRetired();
        _log.Dispose();
    }

    /// <summary>Compaction can wait until the damage is repaired; the write that pays for it must not fail.</summary>
    private void PayForCompaction()
    {
        if (_run is not null || Damage is not null)
            return;
        try
        {
            _compactor.Pay(_records.Counters, _newest);
        }
        catch (StorageCorruptException damage)
        {
            Damage = damage;
        }
    }

    private void DisposeRetired()
    {
        foreach (ShardLog log in _retired.Where(log => log != _run?.Log))
            log.Dispose();
        _retired.RemoveAll(log => log != _run?.Log);
    }
}
