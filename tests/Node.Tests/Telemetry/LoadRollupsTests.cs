using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class LoadRollupsTests
{
    private const long Start = 1_800_000_000_000;
    private static readonly SeriesKey Reads = new(SeriesKind.Shard, 3, LoadMetric.ReadsPerSecond);

    [Fact]
    public void Each_level_holds_means_of_its_width()
    {
        var rollups = Filled(seconds: 601, second => second);
        AreNear([4.5, 14.5, 24.5], rollups.Series(Reads, 10).Values[..3]);
        AreNear([29.5, 89.5], rollups.Series(Reads, 60).Values[..2]);
        AreNear([149.5, 449.5], rollups.Series(Reads, 300).Values);
        Assert.Equal(Start, rollups.Series(Reads, 300).StartUnixMs);
    }

    [Fact]
    public void What_was_not_measured_is_not_zero()
    {
        var rollups = new LoadRollups(300);
        rollups.Add(Reads, Start, 5);
        rollups.Add(Reads, Start + 3000, 7);
        rollups.Add(Reads, Start + 4000, 9);
        var values = rollups.Series(Reads, 1).Values;
        AreNear([5, double.NaN, double.NaN, 7], values);
    }

    [Fact]
    public void Every_level_is_bounded()
    {
        var rollups = Filled(seconds: 20_000, second => second);
        foreach (var level in rollups.Levels)
            Assert.True(rollups.Series(Reads, level.WidthSeconds).Values.Length <= level.BucketsMax);
        AreNear([19_998], rollups.Series(Reads, 1).Values[^1..]);
    }

    [Fact]
    public void A_long_silence_does_not_keep_stale_values()
    {
        var rollups = Filled(seconds: 100, _ => 1);
        rollups.Add(Reads, Start + 86_400_000L * 365, 2);
        rollups.Add(Reads, Start + (86_400_000L * 365) + 1000, 2);
        AreNear([2], rollups.Series(Reads, 1).Values);
    }

    [Fact]
    public void Batches_rebuild_the_replicated_levels_elsewhere()
    {
        var leader = new LoadRollups(300);
        var follower = new LoadRollups(300);
        for (var second = 0; second < 3000; second++)
        {
            leader.Add(Reads, Start + (second * 1000L), second % 77);
            foreach (var batch in leader.TakeBatches(Start + (second * 1000L)))
            {
                Assert.True(follower.TryMerge(batch, out var error), error);
                Assert.True(follower.TryMerge(batch, out _));
            }
        }
        leader.TakeBatches(Start + 3_000_000);
        Assert.Equal(leader.Series(Reads, 300).Values[..9], follower.Series(Reads, 300).Values);
        Assert.Equal(leader.Series(Reads, 60).Values[..49], follower.Series(Reads, 60).Values);
        Assert.Empty(follower.Series(Reads, 1).Values);
    }

    [Fact]
    public void A_new_controller_continues_the_history_and_repeats_no_batch()
    {
        var old = Filled(seconds: 1500, _ => 10);
        old.TakeBatches(Start + 1_500_000);
        var fresh = new LoadRollups(300);
        fresh.Add(Reads, Start + 1_500_000, 20);
        Assert.True(fresh.TryMerge(old.EncodeAll(), out var error), error);
        for (var second = 1501; second <= 1801; second++)
            fresh.Add(Reads, Start + (second * 1000L), 20);
        var batches = fresh.TakeBatches(Start + 1_801_000);
        Assert.Equal(6, batches.Count);
        AreNear([10, 10, 10, 10, 10, 20], fresh.Series(Reads, 300).Values);
    }

    [Fact]
    public void The_same_history_gives_the_same_bytes()
    {
        var first = Filled(seconds: 900, second => second);
        var second = new LoadRollups(300);
        first.TakeBatches(Start + 900_000);
        Assert.True(second.TryMerge(first.EncodeAll(), out _));
        Assert.Equal(first.EncodeAll(), second.EncodeAll());
    }

    [Fact]
    public void Damaged_history_changes_nothing_and_never_throws()
    {
        var good = Filled(seconds: 900, second => second);
        good.TakeBatches(Start + 900_000);
        var bytes = good.EncodeAll();
        for (var length = 0; length < bytes.Length; length++)
        {
            var target = new LoadRollups(300);
            if (!target.TryMerge(bytes.AsSpan(0, length), out var error))
            {
                Assert.NotNull(error);
                Assert.Empty(target.Keys);
            }
        }
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = bytes.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            new LoadRollups(300).TryMerge(damaged, out _);
        }
    }

    [Fact]
    public void A_newer_version_is_refused_by_its_number()
    {
        var bytes = Filled(seconds: 700, _ => 1).EncodeAll();
        bytes[3] = 3;
        Assert.False(new LoadRollups(300).TryMerge(bytes, out var error));
        Assert.Equal("load history version 3; this node reads versions 1 to 2", error);
    }

    [Fact]
    public void The_version_before_is_still_read()
    {
        byte[] before =
        [
            (byte)'S', (byte)'L', (byte)'H', 1, (byte)SeriesKind.Shard, (byte)LoadMetric.BytesPerSecond,
            3, 60, 100, 3,
            .. BitConverter.GetBytes(5f), .. BitConverter.GetBytes(float.NaN), .. BitConverter.GetBytes(0f),
        ];
        var rollups = new LoadRollups(300);
        Assert.True(rollups.TryMerge(before, out var error), error);
        var bytes = LoadMeasure.OfShards.Single(measure => measure.Whole == LoadMetric.BytesPerSecond);
        var series = rollups.Series(new MeasureKey(SeriesKind.Shard, 3, bytes), 60);
        Assert.Equal(6_000_000, series.StartUnixMs);
        AreNear([5, double.NaN, 0], series.Values);
        Assert.True(LoadBatchReader.TryReadExpiry(before, out var expires, out _));
        Assert.True(expires >= (103 + 240) * 60);
    }

    [Fact]
    public void The_sum_stands_in_where_its_parts_are_not_known()
    {
        var rollups = new LoadRollups(60);
        rollups.Add(new SeriesKey(SeriesKind.Shard, 3, LoadMetric.OpsPerSecond), Start, 50);
        rollups.Add(new SeriesKey(SeriesKind.Shard, 3, LoadMetric.OpsPerSecond), Start + 60_000, 60);
        rollups.Add(new ShardDemand(3, 10, 5), Start + 60_000);
        rollups.Add(new ShardDemand(3, 20, 5), Start + 180_000);
        rollups.TakeBatches(Start + 240_000);
        var ops = rollups.Series(new MeasureKey(SeriesKind.Shard, 3, LoadMeasure.Ops), 60);
        Assert.Equal(Start, ops.StartUnixMs);
        AreNear([50, 15, double.NaN, 25], ops.Values);
        AreNear([10, double.NaN, 20], rollups.Series(Reads, 60).Values);
    }

    [Fact]
    public void A_series_that_ended_is_let_go_of_when_it_is_too_old()
    {
        var rollups = new LoadRollups(300);
        var ended = Reads with { Id = 4 };
        var span = rollups.Levels.Single(level => level.WidthSeconds == 300).KeptSeconds * 1000;
        rollups.Add(ended, Start, 1);
        for (var step = 0; step < 100; step++)
            rollups.Add(Reads, Start + span + (step * 300_000L), 1);
        rollups.TakeBatches(Start + span + 30_000_000);
        Assert.Empty(rollups.Series(ended, 300).Values);
        Assert.Equal(100, rollups.Series(Reads, 300).Values.Length);
    }

    [Fact]
    public void A_width_that_is_not_kept_is_refused_with_those_that_are()
    {
        var problem = Assert.Throws<ArgumentException>(() => new LoadRollups(5).Series(Reads, 300));
        Assert.Equal("no roll-up of 300 s; there are 1 s, 5 s, 10 s, 60 s", problem.Message);
    }

    private static void AreNear(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(double.IsNaN(pair.First), float.IsNaN(pair.Second));
            if (float.IsFinite(pair.Second))
                Assert.InRange(pair.Second, pair.First * 0.9995, pair.First * 1.0005);
        });
    }

    private static LoadRollups Filled(int seconds, Func<int, double> value)
    {
        var rollups = new LoadRollups(300);
        for (var second = 0; second < seconds; second++)
            rollups.Add(Reads, Start + (second * 1000L), value(second));
        return rollups;
    }
}
