using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>Four operations of five go to one slot range, the others anywhere.</summary>
internal sealed class HotspotDemand(BenchOptions options) : ISlotDemand
{
    private const double HotShare = 0.8;

    public double RateAt(double elapsedS) => options.RatePerSecond;

    public (int First, int Last) NextRange(Random random, double elapsedS) => random.NextDouble() < HotShare
        ? (options.HotSlotFirst, options.HotSlotLast)
        : (0, HashSlot.Count - 1);
}
