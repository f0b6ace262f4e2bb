using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Bytes of a Raft entry: format version, kind, the leader's clock, a count, then the commands (flags,
/// argument lengths, argument bytes) or the expired keys. On disk and on the wire: a newer format is refused by
/// name.</summary>
internal static class EntryCodec
{
    public const byte FormatVersion = 1;
    public const byte KindCommands = 1;
    public const byte KindExpiry = 2;
    public const byte FlagResp3 = 1;

    /// <summary>Reads among the requests keep their place in the order but take no room: only the proposer serves
    /// them.</summary>
    public static void WriteCommands(IReadOnlyList<ClientRequest> requests, long nowMs, IBufferWriter<byte> into)
    {
        var writes = 0;
        for (var i = 0; i < requests.Count; i++)
            writes += requests[i].IsWrite ? 1 : 0;
        WriteHead(KindCommands, nowMs, writes, into);
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i].IsWrite)
                WriteCommand(requests[i], into);
        }
    }

    public static void WriteExpiry(
        IReadOnlyList<(KeySpace Space, byte[] Key)> keys, long nowMs, IBufferWriter<byte> into)
    {
        WriteHead(KindExpiry, nowMs, keys.Count, into);
        for (var i = 0; i < keys.Count; i++)
        {
            WriteByte((byte)keys[i].Space, into);
            WriteNumber(keys[i].Key.Length, into);
            into.Write(keys[i].Key);
        }
    }

    private static void WriteHead(byte kind, long nowMs, int count, IBufferWriter<byte> into)
    {
        var head = into.GetSpan(10);
        head[0] = FormatVersion;
        head[1] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[2..], nowMs);
        into.Advance(10);
        WriteNumber(count, into);
    }

    private static void WriteCommand(ClientRequest request, IBufferWriter<byte> into)
    {
        var arguments = request.Arguments.List;
        WriteByte(request.Reply.Protocol >= 3 ? FlagResp3 : (byte)0, into);
        WriteNumber(arguments.Count, into);
        for (var i = 0; i < arguments.Count; i++)
            WriteNumber(arguments.LengthOf(i), into);
        into.Write(arguments.Bytes);
    }

    private static void WriteByte(byte value, IBufferWriter<byte> into)
    {
        into.GetSpan(1)[0] = value;
        into.Advance(1);
    }

    /// <summary>Seven bits a byte, lowest first; the top bit says that more follow.</summary>
    private static void WriteNumber(int value, IBufferWriter<byte> into)
    {
        var span = into.GetSpan(5);
        var rest = (uint)value;
        var count = 0;
        while (rest >= 0x80)
        {
            span[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        span[count++] = (byte)rest;
        into.Advance(count);
    }
}
