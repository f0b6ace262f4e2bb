using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Demo;

/// <summary>The trace up to the replay as the roll-ups that a cluster would hold had it lived through it: a real
/// cluster forecasts from days of its own past.</summary>
internal static class DemoHistory
{
    /// <param name="script">The replay.</param>
    /// <param name="startUnixMs">When the load begins, on a boundary of steps.</param>
    public static byte[] Encode(DemoScript script, long startUnixMs)
    {
        var rollups = new LoadRollups(script.StepSeconds);
        var level = rollups.Levels.Single(level => level.WidthSeconds == script.StepSeconds);
        var points = Math.Min(script.FirstPoint, level.BucketsMax);
        for (var shard = 1; shard <= script.Shards; shard++)
        {
            for (var back = points; back >= 1; back--)
            {
                var unixMs = startUnixMs - (back * script.StepSeconds * 1000L);
                var rate = (float)script.RateOf(shard, script.FirstPoint - back);
                rollups.Add(
                    new ShardDemand(shard, rate * (1 - DemoKeys.WriteShare), rate * DemoKeys.WriteShare), unixMs);
            }
        }
        // A bucket closes when a later one is asked for.
        rollups.TakeBatches(startUnixMs);
        return rollups.EncodeAll();
    }
}
