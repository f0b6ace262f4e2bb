using ShardStore.Node.Demo;
using ShardStore.Node.Placement;
using Xunit;

namespace ShardStore.Node.Tests.Demo;

public class DemoKeysTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(64)]
    public void A_page_of_a_shard_lies_in_a_slot_of_that_shard(int shards)
    {
        var keys = new DemoKeys(shards);
        var layout = ClusterFounding.Shards(shards, 1, [1]);
        foreach (var shard in layout)
        {
            for (var drawn = 0.0; drawn < 1; drawn += 0.25)
                Assert.InRange(keys.SlotOf(DemoKeys.PageOf(shard.Id, drawn)), shard.FirstSlot, shard.LastSlot);
        }
    }

    [Fact]
    public void Draws_fill_the_range_evenly_in_every_dimension_from_the_first_on()
    {
        var draw = new EvenDraw(7);
        var counts = new int[3, 10];
        for (var i = 0; i < 100; i++)
        {
            for (var dimension = 0; dimension < 3; dimension++)
                counts[dimension, (int)(draw.Next(dimension) * 10)]++;
            draw.Advance();
        }
        foreach (var count in counts)
            Assert.InRange(count, 8, 12);
    }
}
