using System.Diagnostics;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Tests.Commands;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Telemetry;

/// <summary>Memory is the whole process's, so that nothing else runs beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class MeasuredAlone
{
    public const string Name = "measured alone";
}

/// <summary>The history of a thousand shards over 15 days: memory, bytes in the meta group, and time to read it back.
/// </summary>
[Collection(MeasuredAlone.Name)]
public class LoadHistorySizeTests(ITestOutputHelper output)
{
    private const int Shards = 1_000;
    private const int Step = 300;
    private const long MemoryMax = 64L << 20;
    private const long Start = 1_800_000_000_000;

    [Fact]
    public void A_thousand_shards_for_15_days_fit_into_64_MiB()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rollups = new LoadRollups(Step);
        foreach (var level in rollups.Levels)
            Fill(rollups, level);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{bytes / 1048576.0:F1} MiB for {rollups.Keys.Count()} series");
        Assert.InRange(bytes, 40L << 20, MemoryMax);
        foreach (var key in rollups.Keys)
        {
            foreach (var level in rollups.Levels)
                Assert.Equal(level.BucketsMax, rollups.Series(key, level.WidthSeconds).Values.Count(float.IsFinite));
        }
    }

    [Fact]
    public void A_published_step_takes_little_more_than_two_bytes_a_value()
    {
        var rollups = new LoadRollups(Step);
        for (var shard = 1; shard <= Shards; shard++)
            rollups.Add(Demand(shard, 0), Start);
        var batch = rollups.TakeBatches(Start + (Step * 1000L))[^1];
        Assert.InRange(batch.Length, 2 * 5 * Shards, 3.1 * 5 * Shards);
    }

    /// <summary>All that a restarted node of a hundred shards reads; a thousand take ten times as long.</summary>
    [Fact]
    public void Fifteen_days_are_read_back_from_the_meta_groups_store()
    {
        const int shards = 100;
        var meta = new MetaStateMachine(new DictionaryStore(), 0);
        var rollups = new LoadRollups(Step);
        ulong index = 0;
        Apply(meta, ++index, Start, new FoundCluster("cafe", 1, 4, 1));
        // Two days more than are kept.
        var steps = RollupLevel.StepBucketsMax + (2 * 288);
        for (var step = 0; step <= steps; step++)
        {
            var nowMs = Start + (step * Step * 1000L);
            foreach (var batch in rollups.TakeBatches(nowMs))
                Apply(meta, ++index, nowMs, new AppendHistory(batch));
            for (var shard = 1; shard <= shards; shard++)
                rollups.Add(Demand(shard, step), nowMs);
        }
        var watch = Stopwatch.StartNew();
        var restarted = new MetaStateMachine(meta.Store, 0);
        var back = new LoadRollups(Step);
        foreach (var batch in restarted.ReadHistory())
            Assert.True(back.TryMerge(batch, out var error), error);
        output.WriteLine($"{restarted.State.History.Count} batches, "
            + $"{meta.Store.LiveBytes / 1048576.0:F1} MiB, read in {watch.ElapsedMilliseconds} ms");
        Assert.Equal(meta.State.History, restarted.State.History);
        Assert.InRange(restarted.State.History.Count, RollupLevel.StepBucketsMax, RollupLevel.StepBucketsMax + 250);
        Assert.Equal(500, back.Keys.Count());
        foreach (var key in back.Keys)
        {
            var kept = back.Series(key, Step).Values;
            Assert.Equal(RollupLevel.StepBucketsMax, kept.Length);
            Assert.Equal(rollups.Series(key, Step).Values[^kept.Length..], kept);
        }
    }

    private static void Fill(LoadRollups rollups, RollupLevel level)
    {
        LoadMetric[] metrics =
        [
            LoadMetric.ReadsPerSecond, LoadMetric.WritesPerSecond, LoadMetric.BytesInPerSecond,
            LoadMetric.BytesOutPerSecond, LoadMetric.CpuMicrosPerSecond, LoadMetric.OpsPerSecond,
        ];
        var codes = new LoadCode[level.BucketsMax];
        Array.Fill(codes, LoadCode.Of(1234));
        foreach (var metric in metrics)
        {
            for (var shard = 1; shard <= Shards; shard++)
            {
                var block = new LoadBlock
                {
                    Kind = SeriesKind.Shard,
                    Metric = metric,
                    WidthSeconds = level.WidthSeconds,
                    FirstBucket = Start / level.WidthMs,
                    Buckets = level.BucketsMax,
                    Ids = [shard],
                    Codes = codes,
                };
                Assert.True(rollups.TryMerge(rollups.Encode([block]), out var error), error);
            }
        }
    }

    private static ShardDemand Demand(int shard, int step) =>
        new(shard, 100 + (step % 288), 10 * (1 + (shard % 7)))
        {
            BytesInPerSecond = 1e6f,
            BytesOutPerSecond = 1e7f,
            CpuMicrosPerSecond = 1234,
        };

    private static void Apply(MetaStateMachine meta, ulong index, long nowMs, MetaCommand command)
    {
        var payload = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new MetaEnvelope(nowMs, command), MetaJson.Default.MetaEnvelope);
        meta.Apply(index, payload, null);
    }
}
