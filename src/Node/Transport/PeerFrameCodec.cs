using System.Buffers.Binary;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Transport;

/// <summary>Frames as bytes, little-endian:
/// <code>
/// bytes:4 crc:4 flags:1 zero:3 sentAt:8 echoedAt:8 held:8 bulkTaken:8
/// [utilization: bytes:4 …] [messages: version:1 count:4 …] [bulk: channel:8 bytes:4 …]
/// </code>
/// The length counts the whole frame, the CRC32C covers all after itself.</summary>
internal static class PeerFrameCodec
{
    public const int HeadBytes = 44;
    private const int CheckedFrom = 8;
    private const PeerFrameFlags AllFlags =
        PeerFrameFlags.Utilization | PeerFrameFlags.Messages | PeerFrameFlags.Bulk;

    public static void Begin(FrameBuffer into)
    {
        into.Reset();
        into.Take(HeadBytes).Clear();
    }

    public static void End(FrameBuffer into, PeerFrameFlags flags, in PeerFrameHead head)
    {
        var frame = into.Written;
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length);
        frame[8] = (byte)flags;
        BinaryPrimitives.WriteInt64LittleEndian(frame[12..], head.SentAt);
        BinaryPrimitives.WriteInt64LittleEndian(frame[20..], head.EchoedAt);
        BinaryPrimitives.WriteInt64LittleEndian(frame[28..], head.HeldMicros);
        BinaryPrimitives.WriteInt64LittleEndian(frame[36..], head.BulkBytesTaken);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(frame[CheckedFrom..]));
    }

    /// <summary>Bytes of the frame at the front, or 0 when not even its length is there yet.</summary>
    public static int LengthOf(ReadOnlySpan<byte> from)
    {
        if (from.Length < sizeof(int))
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        if (length is < HeadBytes or > TransportLimits.FrameBytesMax)
            throw new PeerProtocolException(
                $"a frame of {length} bytes, allowed are {HeadBytes} to {TransportLimits.FrameBytesMax}");
        return length;
    }

    /// <summary>Checks a whole frame; its parts are left for <paramref name="parts"/>.</summary>
    public static PeerFrameFlags ReadHead(ReadOnlySpan<byte> frame, out PeerFrameHead head, out FrameParts parts)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) != Crc32C.Compute(frame[CheckedFrom..]))
            throw new PeerProtocolException($"the checksum of a frame of {frame.Length} bytes does not match");
        var flags = (PeerFrameFlags)frame[8];
        if ((flags & ~AllFlags) != 0)
            throw new PeerProtocolException($"frame flags {frame[8]} are not known");
        head = new PeerFrameHead(
            BinaryPrimitives.ReadInt64LittleEndian(frame[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[36..]));
        parts = new FrameParts(frame[HeadBytes..]);
        return flags;
    }
}
