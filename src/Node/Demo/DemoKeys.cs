using System.Globalization;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Demo;

/// <summary>
/// What a request of the demo asks for: a page, many keys in one slot. A read asks which keys of the page exist, a
/// write sets a few of them. Requests that cost a node a millisecond make its load follow from their number; with
/// single keys most of the cost would be waking threads, which does not grow with demand.
/// </summary>
internal sealed class DemoKeys
{
    /// <summary>Share of requests that write.</summary>
    public const float WriteShare = 0.05f;

    private const int KeysAPage = 4000;
    private const int KeysAWrite = 10;
    private const int PagesAShard = 4;
    private const int ValueBytes = 16;

    private readonly byte[] _value = Encoding.ASCII.GetBytes(new string('v', ValueBytes));
    private readonly Page[] _pages;

    public DemoKeys(int shards)
    {
        _pages = new Page[shards * PagesAShard];
        var missing = _pages.Length;
        for (var i = 0; missing > 0; i++)
        {
            var tag = i.ToString(CultureInfo.InvariantCulture);
            var slot = HashSlot.Of(Encoding.ASCII.GetBytes(tag));
            var shard = ShardOf(slot, shards);
            var place = Array.FindIndex(_pages, shard * PagesAShard, PagesAShard, page => page is null);
            if (place < 0)
                continue;
            _pages[place] = NewPage(tag, slot);
            missing--;
        }
    }

    public int PageCount => _pages.Length;

    public int SlotOf(long page) => _pages[page].Slot;

    /// <summary>A page of a shard, by a number from 0 to below 1.</summary>
    public static long PageOf(int shard, double drawn) => ((shard - 1) * PagesAShard) + (int)(drawn * PagesAShard);

    public void WriteRead(long page, RespWriter output) => output.WriteRaw(_pages[page].Read);

    public void WriteWrite(long page, RespWriter output) => WriteSet(_pages[page].Keys.AsSpan(0, KeysAWrite), output);

    /// <summary>Sets all keys of a page.</summary>
    public void WriteSeed(long page, RespWriter output) => WriteSet(_pages[page].Keys, output);

    private void WriteSet(ReadOnlySpan<byte[]> keys, RespWriter output)
    {
        output.WriteArrayHeader(1 + (2 * keys.Length));
        output.WriteBulk("MSET"u8);
        foreach (var key in keys)
        {
            output.WriteBulk(key);
            output.WriteBulk(_value);
        }
    }

    private static Page NewPage(string tag, int slot)
    {
        var keys = Enumerable.Range(0, KeysAPage).Select(i => Encoding.ASCII.GetBytes($"{{{tag}}}{i}")).ToArray();
        var read = new RespWriter();
        read.WriteArrayHeader(1 + keys.Length);
        read.WriteBulk("EXISTS"u8);
        foreach (var key in keys)
            read.WriteBulk(key);
        return new Page(slot, keys, read.Written.ToArray());
    }

    /// <summary>Shards of equal slot ranges, as a cluster is founded. From 0.</summary>
    private static int ShardOf(int slot, int shards) => (int)((((slot + 1L) * shards) - 1) / HashSlot.Count);

    private sealed record Page(int Slot, byte[][] Keys, byte[] Read);
}
