using System.Buffers.Text;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>Keys that hash into a wanted slot, by a tag found for each slot. A slot range is chosen by demand, then a
/// slot in it and a key in that, evenly.</summary>
internal sealed class SlotKeys(long keyCount, ISlotDemand demand) : IKeySource
{
    private static readonly Lazy<byte[][]> s_tags = new(FindTags);

    private readonly long _keysPerSlot = Math.Max(1, keyCount / HashSlot.Count);

    public long KeyCount => _keysPerSlot * HashSlot.Count;

    public long NextKey(Random random, double elapsedS)
    {
        var (first, last) = demand.NextRange(random, elapsedS);
        return (random.Next(first, last + 1) * _keysPerSlot) + random.NextInt64(_keysPerSlot);
    }

    public int Format(long key, Span<byte> into)
    {
        var tag = s_tags.Value[key / _keysPerSlot];
        "bench:{"u8.CopyTo(into);
        tag.CopyTo(into[7..]);
        var length = 7 + tag.Length;
        "}:"u8.CopyTo(into[length..]);
        Utf8Formatter.TryFormat(key % _keysPerSlot, into[(length + 2)..], out var digits);
        return length + 2 + digits;
    }

    private static byte[][] FindTags()
    {
        var tags = new byte[HashSlot.Count][];
        var missing = tags.Length;
        for (var i = 0; missing > 0; i++)
        {
            var tag = Encoding.ASCII.GetBytes(i.ToString());
            var slot = HashSlot.Of(tag);
            if (tags[slot] is not null)
                continue;
            tags[slot] = tag;
            missing--;
        }
        return tags;
    }
}
