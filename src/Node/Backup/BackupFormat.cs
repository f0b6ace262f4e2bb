using System.Buffers.Binary;
using System.Text;
using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Backup;

/// <summary>A shard's backup as bytes, the same on the wire and in a file, little-endian. Head: magic u32, version u8,
/// three zero bytes, body length u32, body (the fields of <see cref="BackupHead"/>; the cluster id behind a u16
/// length), CRC32C u32 of all before. Then the chunks of the checkpoint, which check themselves, each behind a length
/// u32. End: a length of 0, magic u32, number of chunks u32. Nothing may follow.</summary>
internal static class BackupFormat
{
    public const byte Version = 1;

    /// <summary>Magic, version, zeros and length.</summary>
    public const int PreludeBytes = 12;
    public const int CrcBytes = sizeof(uint);
    public const int LengthBytes = sizeof(int);
    public const int EndBytes = 8;

    /// <summary>A chunk stands for 256 KiB; compressed or not it stays below this.</summary>
    public const int ChunkBytesMax = 512 << 10;

    private const uint HeadMagic = 0x4B42_5353; // "SSBK"
    private const uint EndMagic = 0x4542_5353; // "SSBE"
    private const int FixedBodyBytes = (4 * sizeof(int)) + (5 * sizeof(long)) + sizeof(ushort);
    private const int BodyBytesMax = 4 << 10;

    public static byte[] WriteHead(BackupHead head)
    {
        var cluster = Encoding.UTF8.GetBytes(head.ClusterId);
        var bytes = new byte[PreludeBytes + FixedBodyBytes + cluster.Length + CrcBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, HeadMagic);
        bytes[4] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), FixedBodyBytes + cluster.Length);
        var body = bytes.AsSpan(PreludeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(body, head.Shard);
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], head.FirstSlot);
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], head.LastSlot);
        BinaryPrimitives.WriteInt32LittleEndian(body[12..], head.ChunkCount);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], head.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(body[24..], head.Term);
        BinaryPrimitives.WriteUInt64LittleEndian(body[32..], head.ConfirmedIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(body[40..], head.ContentHash);
        BinaryPrimitives.WriteInt64LittleEndian(body[48..], head.TotalBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(body[56..], (ushort)cluster.Length);
        cluster.CopyTo(body[FixedBodyBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - CrcBytes), Crc32C.Compute(
            bytes.AsSpan(0, bytes.Length - CrcBytes)));
        return bytes;
    }

    /// <summary>How many bytes of body and CRC follow the prelude.</summary>
    public static int ReadPrelude(string name, ReadOnlySpan<byte> prelude)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(prelude) != HeadMagic)
            throw new StorageCorruptException(name, 0, "the head of a shard's backup");
        if (prelude[4] != Version)
            throw new StorageVersionException(name, prelude[4], Version);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prelude[8..]);
        if (length is < FixedBodyBytes or > BodyBytesMax)
            throw new StorageCorruptException(name, 8, $"a head of {FixedBodyBytes} to {BodyBytesMax} bytes");
        return length + CrcBytes;
    }

    /// <param name="name">For errors.</param>
    /// <param name="bytes">Prelude, body and CRC.</param>
    public static BackupHead ReadHead(string name, ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C.Compute(bytes[..^CrcBytes]);
        var found = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^CrcBytes..]);
        if (crc != found)
            throw new StorageCorruptException(name, bytes.Length - CrcBytes, $"CRC32C {crc:x8}, found {found:x8}");
        var body = bytes[PreludeBytes..^CrcBytes];
        var clusterBytes = BinaryPrimitives.ReadUInt16LittleEndian(body[56..]);
        if (clusterBytes != body.Length - FixedBodyBytes)
            throw new StorageCorruptException(name, PreludeBytes + 56, $"a cluster id of {clusterBytes} bytes");
        return new BackupHead
        {
            Shard = BinaryPrimitives.ReadInt32LittleEndian(body),
            FirstSlot = BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            LastSlot = BinaryPrimitives.ReadInt32LittleEndian(body[8..]),
            ChunkCount = BinaryPrimitives.ReadInt32LittleEndian(body[12..]),
            Index = BinaryPrimitives.ReadUInt64LittleEndian(body[16..]),
            Term = BinaryPrimitives.ReadUInt64LittleEndian(body[24..]),
            ConfirmedIndex = BinaryPrimitives.ReadUInt64LittleEndian(body[32..]),
            ContentHash = BinaryPrimitives.ReadUInt64LittleEndian(body[40..]),
            TotalBytes = BinaryPrimitives.ReadInt64LittleEndian(body[48..]),
            ClusterId = Encoding.UTF8.GetString(body[FixedBodyBytes..]),
        };
    }

    /// <summary>The length of 0 and the end mark.</summary>
    public static byte[] WriteEnd(int chunkCount)
    {
        var bytes = new byte[LengthBytes + EndBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LengthBytes), EndMagic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LengthBytes + 4), chunkCount);
        return bytes;
    }

    public static bool IsEnd(ReadOnlySpan<byte> bytes, int chunkCount) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) == EndMagic
        && BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) == chunkCount;
}
