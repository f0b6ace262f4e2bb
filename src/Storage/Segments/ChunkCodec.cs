using System.Buffers;
using System.Buffers.Binary;

namespace ShardStore.Storage.Segments;

/// <summary>Framing of one snapshot chunk, little-endian: magic u32, version u8, flags u8, 0 u16, number u32, raw
/// length u32, payload length u32, CRC32C u32 over all of it but itself, snapshot u32, payload.
/// The snapshot's number
/// is the CRC in its manifest: a chunk of another snapshot is refused at once, not when all have come. The
/// payload is an LZ4 block where a sample says that it pays, else the raw bytes.</summary>
internal static class ChunkCodec
{
    public const int RawBytesMax = 256 * 1024;
    public const int HeaderBytes = 28;
    private const uint Magic = 0x4B43_5353; // "SSCK"
    private const byte Version = 1;
    private const byte FlagLz4 = 1;
    private const int CrcOffset = 20;
    private const int SnapshotOffset = 24;
    private const int SampleBytes = 64 * 1024;

    /// <summary>Above this share of the raw size a sample is not worth the receiver's time to decode.</summary>
    private const double RatioMax = 0.9;

    public static void Write(int number, uint snapshot, ReadOnlySpan<byte> raw, IBufferWriter<byte> into)
    {
        Span<byte> frame = into.GetSpan(HeaderBytes + Lz4Block.BytesMax(raw.Length));
        Span<byte> payload = frame[HeaderBytes..];
        int payloadBytes = Pays(raw, payload) ? Lz4Block.Compress(raw, payload) : 0;
        bool compressed = payloadBytes > 0 && payloadBytes < raw.Length;
        if (!compressed)
        {
            raw.CopyTo(payload);
            payloadBytes = raw.Length;
        }
        frame[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        frame[4] = Version;
        frame[5] = compressed ? FlagLz4 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], number);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], raw.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], payloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[SnapshotOffset..], snapshot);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcOffset..], Crc(frame[..(HeaderBytes + payloadBytes)]));
        into.Advance(HeaderBytes + payloadBytes);
    }

    /// <summary>Checks a chunk and decodes it into <paramref name="raw"/>, which holds <see cref="RawBytesMax"/>.
    /// Returns the raw length.</summary>
    public static int Read(string name, int number, ReadOnlySpan<byte> chunk, Span<byte> raw)
    {
        int rawBytes = CheckFrame(name, number, chunk);
        ReadOnlySpan<byte> payload = chunk[HeaderBytes..];
        if ((chunk[5] & FlagLz4) == 0)
        {
            if (payload.Length != rawBytes)
                throw new StorageCorruptException(name, 12, $"raw length {payload.Length}, found {rawBytes}");
            payload.CopyTo(raw);
            return rawBytes;
        }
        int decoded = Lz4Block.Decompress(payload, raw[..rawBytes]);
        if (decoded != rawBytes)
            throw new StorageCorruptException(name, HeaderBytes, $"an LZ4 block of {rawBytes} bytes, found {decoded}");
        return rawBytes;
    }

    /// <summary>Of a chunk that <see cref="Read"/> has accepted.</summary>
    public static uint SnapshotOf(ReadOnlySpan<byte> chunk) =>
        BinaryPrimitives.ReadUInt32LittleEndian(chunk[SnapshotOffset..]);

    private static int CheckFrame(string name, int number, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(chunk) != Magic)
            throw new StorageCorruptException(name, 0, "a snapshot chunk's head");
        if (chunk[4] > Version)
            throw new IOException($"{name}: snapshot chunk version {chunk[4]}, this node reads up to {Version}");
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(chunk[CrcOffset..]);
        if (crc != Crc(chunk))
            throw new StorageCorruptException(name, CrcOffset, $"CRC32C {Crc(chunk):x8}, found {crc:x8}");
        int found = BinaryPrimitives.ReadInt32LittleEndian(chunk[8..]);
        if (found != number)
            throw new StorageCorruptException(name, 8, $"chunk {number}, found {found}");
        int payloadBytes = BinaryPrimitives.ReadInt32LittleEndian(chunk[16..]);
        if (payloadBytes != chunk.Length - HeaderBytes)
            throw new StorageCorruptException(name, 16, $"payload {chunk.Length - HeaderBytes}, found {payloadBytes}");
        int rawBytes = BinaryPrimitives.ReadInt32LittleEndian(chunk[12..]);
        if (rawBytes is < 0 or > RawBytesMax)
            throw new StorageCorruptException(name, 12, $"raw length 0..{RawBytesMax}, found {rawBytes}");
        return rawBytes;
    }

    private static bool Pays(ReadOnlySpan<byte> raw, Span<byte> scratch)
    {
        ReadOnlySpan<byte> sample = raw[..Math.Min(raw.Length, SampleBytes)];
        int compressed = Lz4Block.Compress(sample, scratch);
        return compressed > 0 && compressed <= sample.Length * RatioMax;
    }

    private static uint Crc(ReadOnlySpan<byte> frame)
    {
        uint running = Checksum.Append(Checksum.Seed, frame[..CrcOffset]);
        return Checksum.Finish(Checksum.Append(running, frame[SnapshotOffset..]));
    }
}
