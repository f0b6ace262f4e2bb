using System.Buffers.Binary;

namespace ShardStore.Node.Transport;

/// <summary>Reads the parts of a frame one after the other; every length is checked against what is left.</summary>
internal ref struct FrameParts(ReadOnlySpan<byte> rest)
{
    private const int MessageBytesMin = 3;

    private ReadOnlySpan<byte> _rest = rest;

    public ReadOnlySpan<byte> TakeUtilization() => TakeBytes(TransportLimits.UtilizationBytesMax);

    public int TakeMessageCount()
    {
        var version = Take(1)[0];
        if (version != RaftMessageCodec.Version)
            throw new PeerProtocolException(
                $"message version {version} is not supported, allowed is {RaftMessageCodec.Version}");
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        if (count < 0 || count > _rest.Length / MessageBytesMin)
            throw new PeerProtocolException($"{count} messages do not fit into {_rest.Length} bytes");
        return count;
    }

    public GroupMessage TakeMessage() => RaftMessageCodec.Read(ref _rest);

    public ReadOnlySpan<byte> TakeBulk(out ulong channel)
    {
        channel = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        return TakeBytes(TransportLimits.BulkChunkBytesMax);
    }

    public readonly void RequireEnd()
    {
        if (!_rest.IsEmpty)
            throw new PeerProtocolException($"{_rest.Length} bytes follow the last part of a frame");
    }

    private ReadOnlySpan<byte> TakeBytes(int bytesMax)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        if (length > bytesMax)
            throw new PeerProtocolException($"a part of {length} bytes, allowed are at most {bytesMax}");
        return Take(length);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new PeerProtocolException($"{count} bytes were announced where {_rest.Length} are left");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
