using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage;

/// <summary>Takes a snapshot's chunks in order and checks all that can be checked without a store: the frame of each,
/// that none is missing or of another snapshot, the manifest, and the CRC of every log page, which was taken when the
/// checkpoint was made. So it also finds what the sender's disk has damaged since. Keeps one chunk in memory and
/// writes nothing.</summary>
public sealed class SnapshotVerifier(string name)
{
    private readonly byte[] _raw = new byte[ChunkCodec.RawBytesMax];
    private readonly ArrayBufferWriter<byte> _head = new();
    private CheckpointManifest? _manifest;
    private uint _snapshot;
    private int _next;
    private int _page;
    private long _logBytes;
    private uint _pageCrc = Checksum.Seed;

    /// <summary>What the checkpoint stands for. Known once its manifest has come.</summary>
    public CheckpointState? State => _manifest?.State;

    /// <summary>As the checkpoint's manifest tells it; 0 before that has come.</summary>
    public ulong ContentHash => _manifest?.Counters.ContentHash ?? 0;

    /// <exception cref="StorageCorruptException">The chunk is damaged, or not the next of this snapshot.</exception>
    public void Add(ReadOnlySpan<byte> chunk)
    {
        ReadOnlySpan<byte> raw = _raw.AsSpan(0, ChunkCodec.Read(name, _next, chunk, _raw));
        uint snapshot = ChunkCodec.SnapshotOf(chunk);
        if (_next > 0 && snapshot != _snapshot)
            throw new StorageCorruptException(name, 0, $"a chunk of snapshot {_snapshot:x8}, not {snapshot:x8}");
        _snapshot = snapshot;
        if (_manifest is { } manifest)
            AddLog(manifest, raw);
        else
            AddHead(raw);
        _next++;
    }

    /// <summary>Call after the last chunk.</summary>
    /// <exception cref="StorageCorruptException">Chunks are missing.</exception>
    public void Complete()
    {
        if (_manifest is not { } manifest)
            throw new StorageCorruptException(name, _head.WrittenCount, "a whole checkpoint manifest");
        if (_logBytes != manifest.LogBytes)
            throw new StorageCorruptException(name, 0, $"{manifest.LogBytes} bytes of log, found {_logBytes}");
    }

    private void AddHead(ReadOnlySpan<byte> raw)
    {
        _head.Write(raw);
        ReadOnlySpan<byte> head = _head.WrittenSpan;
        if (head.Length < sizeof(uint))
            throw new StorageCorruptException(name, 0, "the length of a checkpoint manifest");
        long expected = BinaryPrimitives.ReadUInt32LittleEndian(head) + (long)sizeof(uint);
        if (head.Length > expected || (head.Length < expected && raw.Length < ChunkCodec.RawBytesMax))
            throw new StorageCorruptException(name, 0, $"a manifest of {expected} bytes, found {head.Length}");
        if (head.Length < expected)
            return;
        if (FasterSnapshotSource.NumberOf(head) != _snapshot)
            throw new StorageCorruptException(name, 0, $"the manifest of snapshot {_snapshot:x8}");
        _manifest = CheckpointManifest.Read(name, head[sizeof(uint)..].ToArray());
    }

    private void AddLog(CheckpointManifest manifest, ReadOnlySpan<byte> raw)
    {
        if (raw.Length != Math.Min(ChunkCodec.RawBytesMax, manifest.LogBytes - _logBytes))
            throw new StorageCorruptException(name, _logBytes, $"a chunk of another length than {raw.Length}");
        while (!raw.IsEmpty)
        {
            long pageEnd = Math.Min(manifest.LogBytes, (_page + 1L) * manifest.PageBytes);
            int length = (int)Math.Min(raw.Length, pageEnd - _logBytes);
            _pageCrc = Checksum.Append(_pageCrc, raw[..length]);
            _logBytes += length;
            raw = raw[length..];
            if (_logBytes == pageEnd)
                EndPage(manifest);
        }
    }

    private void EndPage(CheckpointManifest manifest)
    {
        uint found = Checksum.Finish(_pageCrc);
        if (found != manifest.PageCrcs[_page])
        {
            throw new StorageCorruptException(name, (long)_page * manifest.PageBytes,
                $"a log page of CRC32C {manifest.PageCrcs[_page]:x8}, found {found:x8}");
        }
        _page++;
        _pageCrc = Checksum.Seed;
    }
}
