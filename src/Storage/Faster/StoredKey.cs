using System.Buffers.Binary;

namespace ShardStore.Storage.Faster;

/// <summary>A key as the log holds it: the key space in front; for a part of a long value the space has its high bit
/// set and the part's number stands behind. Spaces are part of the format: 0xFF is padding.</summary>
internal static class StoredKey
{
    public const byte PartFlag = 0x80;
    public const byte Pad = 0xFF;
    public const int PartNumberBytes = 4;
    public const int BytesMax = 1 + StoreLimits.KeyBytesMax + PartNumberBytes;

    public static bool IsPad(ReadOnlySpan<byte> stored) => stored[0] == Pad;

    public static bool IsPart(ReadOnlySpan<byte> stored) => (stored[0] & PartFlag) != 0;

    public static int Write(Span<byte> into, KeySpace space, ReadOnlySpan<byte> key)
    {
        into[0] = (byte)space;
        key.CopyTo(into[1..]);
        return 1 + key.Length;
    }

    public static int WritePart(Span<byte> into, KeySpace space, ReadOnlySpan<byte> key, int part)
    {
        int length = Write(into, space, key);
        into[0] |= PartFlag;
        BinaryPrimitives.WriteInt32BigEndian(into[length..], part);
        return length + PartNumberBytes;
    }
}
