using System.Globalization;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Memory;

/// <summary>Keeps each chunk as a blob until all are there, so that another receiver can go on after a crash.
/// </summary>
internal sealed class MemorySnapshotReceiver : ISnapshotReceiver
{
    private readonly IBlobStore _blobs;
    private readonly string _directory;
    private readonly string _prefix;
    private readonly byte[] _raw = new byte[ChunkCodec.RawBytesMax];

    public MemorySnapshotReceiver(IBlobStore blobs, string directory)
    {
        _blobs = blobs;
        _directory = directory;
        _prefix = directory.TrimEnd('/') + "/receiving-";
        while (blobs.Read(NameOf(NextChunk)) is not null)
            NextChunk++;
    }

    public int NextChunk { get; private set; }

    public void WriteChunk(int number, ReadOnlySpan<byte> chunk)
    {
        if (number != NextChunk)
            throw new StorageCorruptException(NameOf(number), 0, $"chunk {NextChunk} next, got {number}");
        int rawBytes = ChunkCodec.Read(NameOf(number), number, chunk, _raw);
        CheckSnapshot(number, ChunkCodec.SnapshotOf(chunk));
        _blobs.Write(NameOf(number), _raw.AsSpan(0, rawBytes));
        NextChunk++;
    }

    public void Complete()
    {
        byte[] bytes = Assemble();
        MemoryCheckpointCodec.Read(NameOf(0), bytes, out _, _ => { });
        MemoryCheckpoints checkpoints = new(_blobs, _directory);
        checkpoints.Write(bytes);
        checkpoints.Create();
        foreach (string name in _blobs.List(_prefix))
            _blobs.Delete(name);
    }

    public void Dispose()
    {
    }

    private void CheckSnapshot(int number, uint found)
    {
        if (number == 0)
            return;
        byte[] contents = _blobs.Read(NameOf(0))!;
        uint expected = BitConverter.ToUInt32(contents, 8);
        if (found != expected)
            throw new StorageCorruptException(NameOf(number), 0, $"a chunk of snapshot {expected:x8}, not {found:x8}");
    }

    private byte[] Assemble()
    {
        byte[]? contents = _blobs.Read(NameOf(0));
        if (contents is not { Length: MemorySnapshotSource.ContentsBytes })
            throw new StorageCorruptException(NameOf(0), 0, "a snapshot's table of contents");
        long length = BitConverter.ToInt64(contents);
        int chunks = 1 + MemorySnapshotSource.CountOf(length);
        if (chunks != NextChunk)
            throw new StorageCorruptException(NameOf(NextChunk), 0, $"{chunks} chunks, found {NextChunk}");
        using MemoryStream all = new();
        for (int number = 1; number < chunks; number++)
            all.Write(_blobs.Read(NameOf(number)));
        byte[] bytes = all.ToArray();
        if (bytes.Length != length || !bytes.AsSpan().EndsWith(contents.AsSpan(8)))
            throw new StorageCorruptException(NameOf(0), 0, $"{length} bytes of the announced CRC32C");
        return bytes;
    }

    private string NameOf(int number) => _prefix + number.ToString("D10", CultureInfo.InvariantCulture);
}
