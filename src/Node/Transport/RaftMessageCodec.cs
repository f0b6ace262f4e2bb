using System.Buffers.Binary;
using ShardStore.Raft;

namespace ShardStore.Node.Transport;

/// <summary>Consensus messages as bytes. A message is its type, a mask of what follows, the numbers that are not
/// zero (8 bytes each, little-endian, in the order of <see cref="Field"/>), and with the entry bit a count and the
/// entries (index, term, kind, length, payload). A heartbeat is 43 bytes.</summary>
internal static class RaftMessageCodec
{
    /// <summary>Of the message format; both ends speak the protocol version of the greeting, which implies it.
    /// </summary>
    public const byte Version = 1;

    private const int HeadBytes = 3;
    private const int FieldCount = 10;
    private const int EntryHeadBytes = 21;
    private const int RejectBit = 1 << 10;
    private const int ForceBit = 1 << 11;
    private const int EntriesBit = 1 << 12;
    private const int AllBits = (1 << 13) - 1;

    /// <summary>Upper bound of a message's bytes; exact for its entries.</summary>
    public static long BytesMax(in Message message)
    {
        var bytes = HeadBytes + (FieldCount * sizeof(ulong)) + sizeof(int) + 0L;
        foreach (var entry in message.Entries ?? [])
            bytes += EntryHeadBytes + entry.Payload.Length;
        return bytes;
    }

    public static void Write(FrameBuffer into, ulong group, in Message message)
    {
        var head = into.Length;
        into.Take(HeadBytes);
        var mask = (message.Reject ? RejectBit : 0) | (message.Force ? ForceBit : 0);
        for (var field = 0; field < FieldCount; field++)
        {
            var value = Field(group, message, field);
            if (value == 0)
                continue;
            mask |= 1 << field;
            BinaryPrimitives.WriteUInt64LittleEndian(into.Take(sizeof(ulong)), value);
        }
        if (message.Entries is { Length: > 0 } entries)
        {
            mask |= EntriesBit;
            WriteEntries(into, entries);
        }
        into.Written[head] = (byte)message.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(into.Written[(head + 1)..], (ushort)mask);
    }

    /// <summary>Reads one message from the front of <paramref name="from"/> and moves it on. Throws
    /// <see cref="PeerProtocolException"/> for anything that <see cref="Write"/> cannot have made; allocates no more
    /// than a small multiple of the bytes it is given.</summary>
    public static GroupMessage Read(ref ReadOnlySpan<byte> from)
    {
        var head = Take(ref from, HeadBytes);
        var type = (MessageType)head[0];
        int mask = BinaryPrimitives.ReadUInt16LittleEndian(head[1..]);
        if (type is < MessageType.Append or > MessageType.ReadIndexReply || (mask & ~AllBits) != 0)
            throw new PeerProtocolException($"message type {head[0]} with mask {mask:x} is not known");
        Span<ulong> fields = stackalloc ulong[FieldCount];
        for (var field = 0; field < FieldCount; field++)
            fields[field] = (mask & (1 << field)) == 0
                ? 0
                : BinaryPrimitives.ReadUInt64LittleEndian(Take(ref from, sizeof(ulong)));
        var message = new Message
        {
            Type = type,
            From = new ReplicaId(fields[1]),
            To = new ReplicaId(fields[2]),
            Term = new Term(fields[3]),
            Index = new LogIndex(fields[4]),
            LogTerm = new Term(fields[5]),
            Commit = new LogIndex(fields[6]),
            RejectHint = new LogIndex(fields[7]),
            Context = fields[8],
            SentAt = (long)fields[9],
            Reject = (mask & RejectBit) != 0,
            Force = (mask & ForceBit) != 0,
            Entries = (mask & EntriesBit) != 0 ? ReadEntries(ref from) : null,
        };
        return new GroupMessage(fields[0], message);
    }

    private static ulong Field(ulong group, in Message message, int field) => field switch
    {
        0 => group,
        1 => message.From.Value,
        2 => message.To.Value,
        3 => message.Term.Value,
        4 => message.Index.Value,
        5 => message.LogTerm.Value,
        6 => message.Commit.Value,
        7 => message.RejectHint.Value,
        8 => message.Context,
        _ => (ulong)message.SentAt,
    };

    private static void WriteEntries(FrameBuffer into, LogEntry[] entries)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into.Take(sizeof(int)), entries.Length);
        foreach (ref readonly var entry in entries.AsSpan())
        {
            var head = into.Take(EntryHeadBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(head, entry.Index.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Term.Value);
            head[16] = (byte)entry.Kind;
            BinaryPrimitives.WriteInt32LittleEndian(head[17..], entry.Payload.Length);
            entry.Payload.Span.CopyTo(into.Take(entry.Payload.Length));
        }
    }

    private static LogEntry[] ReadEntries(ref ReadOnlySpan<byte> from)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref from, sizeof(int)));
        if (count <= 0 || count > from.Length / EntryHeadBytes)
            throw new PeerProtocolException($"{count} entries do not fit into {from.Length} bytes");
        var payloads = new byte[MeasurePayloads(from, count)];
        var entries = new LogEntry[count];
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var head = Take(ref from, EntryHeadBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[17..]);
            var payload = payloads.AsMemory(used, length);
            Take(ref from, length).CopyTo(payload.Span);
            used += length;
            entries[i] = new LogEntry(
                new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(head)),
                new Term(BinaryPrimitives.ReadUInt64LittleEndian(head[8..])),
                (EntryKind)head[16],
                payload);
        }
        return entries;
    }

    // One array for all payloads of a message: they are used and forgotten together.
    private static int MeasurePayloads(ReadOnlySpan<byte> from, int count)
    {
        var total = 0;
        for (var i = 0; i < count; i++)
        {
            var head = Take(ref from, EntryHeadBytes);
            if ((EntryKind)head[16] is < EntryKind.Command or > EntryKind.Membership)
                throw new PeerProtocolException($"entry kind {head[16]} is not known");
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[17..]);
            Take(ref from, length);
            total += length;
        }
        return total;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int count)
    {
        if (count < 0 || count > from.Length)
            throw new PeerProtocolException($"{count} bytes were announced where {from.Length} are left");
        var taken = from[..count];
        from = from[count..];
        return taken;
    }
}
