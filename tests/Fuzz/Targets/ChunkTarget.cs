using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Storage;
using ShardStore.Storage.Segments;

namespace ShardStore.Fuzz.Targets;

/// <summary>Chunks of a snapshot on its way to another node, LZ4 or not.</summary>
internal sealed class ChunkTarget : IFuzzTarget
{
    private const int CrcOffset = 20;
    private readonly byte[] _raw = new byte[ChunkCodec.RawBytesMax];

    public string Name => "chunk";

    public IReadOnlyList<byte[]> Corpus { get; } =
        [Chunk(2000, isNoise: false), Chunk(300, isNoise: true), Chunk(0, isNoise: false)];

    public void Seal(byte[] input)
    {
        if (input.Length < ChunkCodec.HeaderBytes)
            return;
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(16), input.Length - ChunkCodec.HeaderBytes);
        var running = Checksum.Append(Checksum.Seed, input.AsSpan(0, CrcOffset));
        running = Checksum.Append(running, input.AsSpan(CrcOffset + sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(CrcOffset), Checksum.Finish(running));
    }

    public bool Read(byte[] input)
    {
        ChunkCodec.Read("chunk", 5, input, _raw);
        return true;
    }

    public bool IsRefusal(Exception error) => error is StorageCorruptException or IOException { InnerException: null };

    private static byte[] Chunk(int bytes, bool isNoise)
    {
        var raw = new byte[bytes];
        var random = new Random(4);
        if (isNoise)
            random.NextBytes(raw);
        else
            raw.AsSpan().Fill((byte)'x');
        var into = new ArrayBufferWriter<byte>();
        ChunkCodec.Write(5, 77, raw, into);
        return into.WrittenSpan.ToArray();
    }
}
