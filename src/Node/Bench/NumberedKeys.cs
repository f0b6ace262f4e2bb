using System.Buffers.Text;

namespace ShardStore.Node.Bench;

/// <summary>Keys named by their number, all alike or by Zipf's law.</summary>
internal sealed class NumberedKeys(long keyCount, bool zipf) : IKeySource
{
    private readonly ZipfLaw? _law = zipf ? new ZipfLaw(keyCount) : null;

    public long KeyCount => keyCount;

    public long NextKey(Random random, double elapsedS) =>
        _law is null ? random.NextInt64(keyCount) : Scatter(_law.NextRank(random));

    public int Format(long key, Span<byte> into)
    {
        "bench:"u8.CopyTo(into);
        Utf8Formatter.TryFormat(key, into[6..], out var length);
        return 6 + length;
    }

    /// <summary>Neighbours in rank must not be neighbours in anything else.</summary>
    private long Scatter(long rank)
    {
        var mixed = (ulong)rank * 0x9E3779B97F4A7C15UL;
        mixed ^= mixed >> 32;
        return (long)(mixed % (ulong)keyCount);
    }
}
