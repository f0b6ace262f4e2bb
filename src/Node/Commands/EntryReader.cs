using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Reads what <see cref="EntryCodec"/> wrote, checking every length. An entry has passed a checksum and a
/// majority, so anything wrong here is a bug or a foreign version: it stops the replica, naming the entry.</summary>
internal ref struct EntryReader
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly ulong _index;
    private int _at;

    public EntryReader(ulong index, ReadOnlySpan<byte> payload)
    {
        _index = index;
        _payload = payload;
        var version = ReadByte();
        if (version != EntryCodec.FormatVersion)
            Throw($"has format version {version}; this node reads version {EntryCodec.FormatVersion}");
        Kind = ReadByte();
        if (Kind is not (EntryCodec.KindCommands or EntryCodec.KindExpiry))
            Throw($"is of unknown kind {Kind}");
        ClockMs = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        Count = ReadNumber();
    }

    public byte Kind { get; }
    public long ClockMs { get; }
    public int Count { get; }

    /// <summary>The next command. <paramref name="ends"/> is scratch of the caller that grows as needed.</summary>
    public ArgumentList ReadCommand(ref int[] ends, out int protocol)
    {
        protocol = (ReadByte() & EntryCodec.FlagResp3) != 0 ? 3 : 2;
        var count = ReadNumber();
        if (count == 0 || count > _payload.Length - _at)
            Throw($"holds a command of {count} arguments");
        if (ends.Length < count)
            ends = new int[count * 2];
        long length = 0;
        for (var i = 0; i < count; i++)
        {
            length += ReadNumber();
            if (length > _payload.Length - _at)
                Throw("holds an argument that ends behind it");
            ends[i] = (int)length;
        }
        return new ArgumentList(Take((int)length), ends.AsSpan(0, count));
    }

    public ReadOnlySpan<byte> ReadKey(out KeySpace space)
    {
        space = (KeySpace)ReadByte();
        return Take(ReadNumber());
    }

    public readonly void ExpectEnd()
    {
        if (_at != _payload.Length)
            Throw($"has {_payload.Length - _at} bytes too many");
    }

    [DoesNotReturn]
    public readonly void Throw(string what) =>
        throw new InvalidDataException($"Raft entry {_index} {what} (byte {_at} of {_payload.Length}).");

    private byte ReadByte() => Take(1)[0];

    private int ReadNumber()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = ReadByte();
            value |= (uint)(b & 0x7F) << shift;
            if (b < 0x80)
                break;
        }
        if (value > int.MaxValue)
            Throw($"holds the length {value}");
        return (int)value;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _payload.Length - _at)
            Throw($"ends {count - (_payload.Length - _at)} bytes early");
        var span = _payload.Slice(_at, count);
        _at += count;
        return span;
    }
}
