using System.Buffers.Binary;
using System.Text;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Transport;

/// <summary>What both ends say first: who they are, to which cluster they belong, and which disk they remember it from.
/// <code>"SSPR" version:2 bodyBytes:2 | node:4 clusterBytes:2 cluster nameBytes:2 name diskBytes:2 disk asks:1 | crc:4
/// </code>
/// Every version keeps the first eight bytes, so that a newer peer can be refused by name.</summary>
internal sealed record PeerGreeting(int Node, string Name, string ClusterId, string DiskId)
{
    public const int ProtocolVersion = 2;
    public const int PrefixBytes = 8;
    private const int BodyBytesMax = 1024;
    private const int CrcBytes = 4;

    /// <summary>Only wants the verdict: the connection ends with it.</summary>
    public bool IsQuestion { get; init; }

    private static ReadOnlySpan<byte> Magic => "SSPR"u8;

    public byte[] Encode()
    {
        byte[][] texts = [.. new[] { ClusterId, Name, DiskId }.Select(Encoding.UTF8.GetBytes)];
        var body = sizeof(int) + texts.Sum(text => sizeof(ushort) + text.Length) + 1;
        if (body > BodyBytesMax)
            throw new ArgumentException($"cluster id and node name have {body} bytes, allowed are {BodyBytesMax}");
        var bytes = new byte[PrefixBytes + body + CrcBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), ProtocolVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)body);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(PrefixBytes), Node);
        var rest = bytes.AsSpan(PrefixBytes + sizeof(int));
        foreach (var text in texts)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)text.Length);
            text.CopyTo(rest[sizeof(ushort)..]);
            rest = rest[(sizeof(ushort) + text.Length)..];
        }
        rest[0] = IsQuestion ? (byte)1 : (byte)0;
        var checkedBytes = bytes.Length - CrcBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(checkedBytes), Crc32C.Compute(bytes.AsSpan(0, checkedBytes)));
        return bytes;
    }

    /// <summary>Checks the first eight bytes; returns how many follow.</summary>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        if (!prefix[..4].SequenceEqual(Magic))
            throw new PeerProtocolException(
                $"it does not speak our protocol (it began with {Convert.ToHexString(prefix[..4])})");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(prefix[4..]);
        if (version != ProtocolVersion)
            throw new PeerProtocolException(
                $"it speaks protocol version {version}, this node version {ProtocolVersion}");
        var body = BinaryPrimitives.ReadUInt16LittleEndian(prefix[6..]);
        if (body > BodyBytesMax)
            throw new PeerProtocolException($"its greeting has {body} bytes, allowed are {BodyBytesMax}");
        return body + CrcBytes;
    }

    /// <summary>Reads a whole greeting, prefix included.</summary>
    public static PeerGreeting Decode(ReadOnlySpan<byte> bytes)
    {
        var checkedBytes = bytes.Length - CrcBytes;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[checkedBytes..]) != Crc32C.Compute(bytes[..checkedBytes]))
            throw new PeerProtocolException("the checksum of its greeting does not match");
        var rest = bytes[PrefixBytes..checkedBytes];
        if (rest.Length < sizeof(int))
            throw new PeerProtocolException("its greeting is too short");
        var node = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        var cluster = ReadText(ref rest);
        var name = ReadText(ref rest);
        var disk = ReadText(ref rest);
        if (rest.Length != 1 || rest[0] > 1)
            throw new PeerProtocolException("its greeting does not end as it should");
        return new PeerGreeting(node, name, cluster, disk) { IsQuestion = rest[0] == 1 };
    }

    /// <summary>Why a peer that greets like this must not be talked to, or null. <paramref name="expected"/>: whom
    /// we dialled, or whom we know under the number it gives; <paramref name="record"/>: what the cluster knows of it.
    /// </summary>
    public string? Refusal(PeerGreeting self, PeerAddress? expected, PeerRecord? record)
    {
        if (ClusterId != self.ClusterId)
            return $"it belongs to cluster \"{ClusterId}\", this node to \"{self.ClusterId}\"";
        if (Node < 1 || Node == self.Node)
            return $"it calls itself node {Node}, which {(Node < 1 ? "is no node number" : "is this node")}";
        if (expected is not null && expected.Node != Node)
            return $"it calls itself node {Node}, expected was {expected.Node}";
        if (expected is { Name.Length: > 0 } && expected.Name != Name)
            return $"it calls itself \"{Name}\", but node {Node} is \"{expected.Name}\"";
        if (record is { IsRemoved: true })
            return $"node {Node} was removed from this cluster; to come back it enters anew, with an empty --dir and "
                + "--enter";
        if (record is { DiskId.Length: > 0 } && record.DiskId != DiskId)
            return $"node {Node} comes without the data it had (disk {DiskId}, on record is {record.DiskId}), and so "
                + $"does not know what it promised; start it with its own --dir, or, if that is lost, enter another "
                + $"node (--enter), then ctl drain {Name} and ctl remove {Name}";
        return null;
    }

    private static string ReadText(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(ushort))
            throw new PeerProtocolException("its greeting is too short");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        if (length > rest.Length)
            throw new PeerProtocolException("its greeting is too short");
        var text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text;
    }
}
