using System.Buffers.Binary;
using ShardStore.Node.Transport;
using ShardStore.Storage.Files;

namespace ShardStore.Fuzz.Targets;

/// <summary>What a peer answers to a greeting.</summary>
internal sealed class VerdictTarget : IFuzzTarget
{
    public string Name => "verdict";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        PeerVerdict.Encode(null),
        PeerVerdict.Encode("node 4 was removed from this cluster"),
        PeerVerdict.Encode(new string('r', 5_000)),
    ];

    public void Seal(byte[] input)
    {
        if (input.Length < PeerVerdict.PrefixBytes + sizeof(uint))
            return;
        var body = input.AsSpan(0, input.Length - sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(body.Length), Crc32C.Compute(body));
    }

    public bool Read(byte[] input)
    {
        // A connection waits for the bytes that the prefix announces, and gets no others.
        if (input.Length < PeerVerdict.PrefixBytes)
            return false;
        var length = PeerVerdict.PrefixBytes + PeerVerdict.ReadPrefix(input.AsSpan(0, PeerVerdict.PrefixBytes));
        return input.Length >= length && PeerVerdict.Decode(input.AsSpan(0, length)) is null;
    }

    public bool IsRefusal(Exception error) => error is PeerProtocolException;
}
