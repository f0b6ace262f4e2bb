using System.Buffers.Binary;
using ShardStore.Node.Transport;
using ShardStore.Storage.Files;

namespace ShardStore.Fuzz.Targets;

/// <summary>The first bytes of a peer.</summary>
internal sealed class GreetingTarget : IFuzzTarget
{
    public string Name => "greeting";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        new PeerGreeting(2, "n2", "0123456789abcdef", "fedcba9876543210").Encode(),
        new PeerGreeting(int.MaxValue, "", "", "") { IsQuestion = true }.Encode(),
        new PeerGreeting(7, new string('n', 255), new string('c', 255), "").Encode(),
    ];

    public void Seal(byte[] input)
    {
        if (input.Length < PeerGreeting.PrefixBytes + sizeof(uint))
            return;
        var body = input.AsSpan(0, input.Length - sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(body.Length), Crc32C.Compute(body));
    }

    public bool Read(byte[] input)
    {
        // A connection waits for the bytes that the prefix announces, and gets no others.
        if (input.Length < PeerGreeting.PrefixBytes)
            return false;
        var length = PeerGreeting.PrefixBytes + PeerGreeting.ReadPrefix(input.AsSpan(0, PeerGreeting.PrefixBytes));
        if (input.Length < length)
            return false;
        var greeting = PeerGreeting.Decode(input.AsSpan(0, length));
        var record = new PeerRecord("fedcba9876543210", IsRemoved: false);
        return greeting.Refusal(new PeerGreeting(1, "n1", "0123456789abcdef", ""), null, record) is null;
    }

    public bool IsRefusal(Exception error) => error is PeerProtocolException;
}
