using System.Buffers.Binary;
using System.Text;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Transport;

/// <summary>What each end answers to the other's greeting: null welcomes it, else why it is turned away, so that the
/// other end can say so too.
/// <code>"SSPV" reasonBytes:2 reason | crc:4</code></summary>
internal static class PeerVerdict
{
    public const int PrefixBytes = 6;
    private const int ReasonBytesMax = 1024;
    private const int CrcBytes = 4;

    private static ReadOnlySpan<byte> Magic => "SSPV"u8;

    public static byte[] Encode(string? reason)
    {
        var text = Encoding.UTF8.GetBytes(reason ?? "");
        var length = Math.Min(text.Length, ReasonBytesMax);
        var bytes = new byte[PrefixBytes + length + CrcBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length), (ushort)length);
        text.AsSpan(0, length).CopyTo(bytes.AsSpan(PrefixBytes));
        var checkedBytes = bytes.Length - CrcBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(checkedBytes), Crc32C.Compute(bytes.AsSpan(0, checkedBytes)));
        return bytes;
    }

    /// <summary>Checks the first bytes; returns how many follow.</summary>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        if (!prefix[..Magic.Length].SequenceEqual(Magic))
            throw new PeerProtocolException(
                $"it did not answer the greeting (it sent {Convert.ToHexString(prefix[..Magic.Length])})");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(prefix[Magic.Length..]);
        return length <= ReasonBytesMax
            ? length + CrcBytes
            : throw new PeerProtocolException($"its answer has {length} bytes, allowed are {ReasonBytesMax}");
    }

    /// <summary>Reads a whole answer, prefix included.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        var checkedBytes = bytes.Length - CrcBytes;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[checkedBytes..]) != Crc32C.Compute(bytes[..checkedBytes]))
            throw new PeerProtocolException("the checksum of its answer does not match");
        return checkedBytes == PrefixBytes ? null : Encoding.UTF8.GetString(bytes[PrefixBytes..checkedBytes]);
    }
}
