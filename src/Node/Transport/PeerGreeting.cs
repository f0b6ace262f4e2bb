using System.Buffers.Binary;
using System.Text;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Transport;

/// <summary>What both ends say first: who they are and to which cluster they belong.
/// <code>"SSPR" version:2 bodyBytes:2 | node:4 clusterBytes:2 cluster nameBytes:2 name | crc:4</code>
/// Every version keeps the first eight bytes, so that a newer peer can be refused by name.</summary>
internal sealed record PeerGreeting(int Node, string Name, string ClusterId)
{
    public const int ProtocolVersion = 1;
    public const int PrefixBytes = 8;
    private const int BodyBytesMax = 1024;
    private const int CrcBytes = 4;

    private static ReadOnlySpan<byte> Magic => "SSPR"u8;

    public byte[] Encode()
    {
        var cluster = Encoding.UTF8.GetBytes(ClusterId);
        var name = Encoding.UTF8.GetBytes(Name);
        var body = 8 + cluster.Length + name.Length;
        if (body > BodyBytesMax)
            throw new ArgumentException($"cluster id and node name have {body} bytes, allowed are {BodyBytesMax}");
        var bytes = new byte[PrefixBytes + body + CrcBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), ProtocolVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)body);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Node);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)cluster.Length);
        cluster.CopyTo(bytes, 14);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14 + cluster.Length), (ushort)name.Length);
        name.CopyTo(bytes, 16 + cluster.Length);
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
        return new PeerGreeting(node, ReadText(ref rest), cluster);
    }

    /// <summary>Why a peer that greets like this must not be talked to, or null. <paramref name="expected"/>: whom
    /// we dialled, or whom we know under the number it gives.</summary>
    public string? Refusal(PeerGreeting self, PeerAddress? expected)
    {
        if (ClusterId != self.ClusterId)
            return $"it belongs to cluster \"{ClusterId}\", this node to \"{self.ClusterId}\"";
        if (Node < 1 || Node == self.Node)
            return $"it calls itself node {Node}, which {(Node < 1 ? "is no node number" : "is this node")}";
        if (expected is not null && expected.Node != Node)
            return $"it calls itself node {Node}, expected was {expected.Node}";
        if (expected is { Name.Length: > 0 } && expected.Name != Name)
            return $"it calls itself \"{Name}\", but node {Node} is \"{expected.Name}\"";
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
