using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Faster;
using ShardStore.Storage.Native;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage;

/// <summary>Writes a snapshot's chunks where a store will look for them: the manifest into the file "receiving", which
/// also marks the directory as not whole, the log into its segments. How far it got is known from the lengths of the
/// files alone. Bytes that a power cut took from a file of the right length are found by the page CRCs at the end.
/// </summary>
internal sealed class FasterSnapshotReceiver : ISnapshotReceiver
{
    private readonly string _directory;
    private readonly byte[] _raw = new byte[ChunkCodec.RawBytesMax];
    private readonly SafeFileHandle _head;
    private CheckpointManifest? _manifest;
    private uint _snapshot;
    private SafeFileHandle? _segment;
    private int _segmentNumber = -1;

    public FasterSnapshotReceiver(string directory)
    {
        _directory = directory;
        _head = File.OpenHandle(StoreFiles.Receiving(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        Libc.SyncDirectory(directory);
        NextChunk = (int)(RandomAccess.GetLength(_head) / ChunkCodec.RawBytesMax);
        if (TryReadManifest())
            NextChunk = HeadChunks + (int)(ReceivedLogBytes() / ChunkCodec.RawBytesMax);
    }

    public int NextChunk { get; private set; }

    private string Name => StoreFiles.Receiving(_directory);
    private int HeadChunks => FasterSnapshotSource.ChunksOf(RandomAccess.GetLength(_head));
    private string Generation => StoreFiles.Generation(_directory, _manifest!.Generation);

    public void WriteChunk(int number, ReadOnlySpan<byte> chunk)
    {
        if (number != NextChunk)
            throw new StorageCorruptException(Name, 0, $"chunk {NextChunk} next, got {number}");
        ReadOnlySpan<byte> raw = _raw.AsSpan(0, ChunkCodec.Read(Name, number, chunk, _raw));
        if (_manifest is null)
            WriteHead(number, raw);
        else
            WriteLog(number, ChunkCodec.SnapshotOf(chunk), raw);
        NextChunk = number + 1;
    }

    public void Complete()
    {
        if (_manifest is not { } manifest)
            throw new StorageCorruptException(Name, RandomAccess.GetLength(_head), "a whole manifest");
        int chunks = HeadChunks + FasterSnapshotSource.ChunksOf(manifest.LogBytes);
        if (NextChunk != chunks)
            throw new StorageCorruptException(Name, 0, $"{chunks} chunks, got {NextChunk}");
        CloseSegment();
        PageChecks.Verify(Generation, manifest);
        SyncAll(manifest);
        StoreFiles.WriteManifest(_directory, manifest);
        _head.Dispose();
        File.Delete(Name);
        Libc.SyncDirectory(_directory);
    }

    public void Dispose()
    {
        CloseSegment();
        _head.Dispose();
    }

    private void WriteHead(int number, ReadOnlySpan<byte> raw)
    {
        RandomAccess.Write(_head, raw, number * (long)ChunkCodec.RawBytesMax);
        if (TryReadManifest())
            DurableFile.CreateDirectory(Generation);
    }

    private void WriteLog(int number, uint snapshot, ReadOnlySpan<byte> raw)
    {
        if (snapshot != _snapshot)
            throw new StorageCorruptException(Name, 0, $"a chunk of snapshot {_snapshot:x8}, not {snapshot:x8}");
        long start = (number - HeadChunks) * (long)ChunkCodec.RawBytesMax;
        if (raw.Length != Math.Min(ChunkCodec.RawBytesMax, _manifest!.LogBytes - start))
            throw new StorageCorruptException(Name, 0, $"chunk {number} of another length than {raw.Length}");
        long address = _manifest.FirstByte + start;
        while (!raw.IsEmpty)
        {
            SafeFileHandle file = SegmentAt(address);
            long offset = address % _manifest.SegmentBytes;
            int length = (int)Math.Min(raw.Length, _manifest.SegmentBytes - offset);
            RandomAccess.Write(file, raw[..length], offset);
            raw = raw[length..];
            address += length;
        }
    }

    private bool TryReadManifest()
    {
        long length = RandomAccess.GetLength(_head);
        if (length < sizeof(uint))
            return false;
        byte[] bytes = new byte[length];
        RandomAccess.Read(_head, bytes, 0);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != length - sizeof(uint))
            return false;
        _manifest = CheckpointManifest.Read(Name, bytes[sizeof(uint)..]);
        _snapshot = FasterSnapshotSource.NumberOf(bytes);
        return true;
    }

    private long ReceivedLogBytes()
    {
        if (!Directory.Exists(Generation))
        {
            DurableFile.CreateDirectory(Generation);
            return 0;
        }
        int last = LogDevice.SegmentsOf(Generation).DefaultIfEmpty(-1).Max();
        if (last < 0)
            return 0;
        long end = last * _manifest!.SegmentBytes + new FileInfo(LogDevice.PathOf(Generation, last)).Length;
        return Math.Clamp(end - _manifest.FirstByte, 0, _manifest.LogBytes);
    }

    private SafeFileHandle SegmentAt(long address)
    {
        int number = (int)(address / _manifest!.SegmentBytes);
        if (_segment is not null && number == _segmentNumber)
            return _segment;
        CloseSegment();
        _segmentNumber = number;
        return _segment = File.OpenHandle(LogDevice.PathOf(Generation, number), FileMode.OpenOrCreate,
            FileAccess.ReadWrite);
    }

    private void CloseSegment()
    {
        _segment?.Dispose();
        _segment = null;
    }

    private void SyncAll(CheckpointManifest manifest)
    {
        for (int number = manifest.FirstSegment; number <= manifest.LastSegment; number++)
        {
            using SafeFileHandle file = SegmentAt(number * manifest.SegmentBytes);
            Libc.SyncFile(file, LogDevice.PathOf(Generation, number));
        }
        _segment = null;
        Libc.SyncDirectory(Generation);
    }
}
