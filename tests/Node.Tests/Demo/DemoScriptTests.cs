using ShardStore.Node.Bench;
using ShardStore.Node.Demo;
using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Demo;

public class DemoScriptTests
{
    private static readonly DemoOptions Options = new()
    {
        Nodes = 5,
        Replicas = 3,
        Seconds = 100,
        Port = 1,
        AdminPort = 1,
        Json = true,
    };

    [Fact]
    public void The_built_in_trace_is_replayed_around_its_last_morning()
    {
        var script = DemoScript.Of(GeneratedTrace.Build(1), Options);
        var morning = ((GeneratedTrace.Days - 1) * GeneratedTrace.DaySteps) + GeneratedTrace.MorningStep;
        Assert.InRange(morning, script.Window.First, script.Window.First + script.Window.Steps);
        Assert.Equal((5, 60.0, 288), (script.StepSeconds, script.Speed, script.SeasonSteps));
        Assert.Equal((20, 3, 3), (script.Shards, script.HotShard, script.HotNode));
    }

    [Fact]
    public void A_single_series_is_one_hot_shard_over_an_even_background()
    {
        var script = DemoScript.Of(GeneratedTrace.Build(1), Options);
        var others = Enumerable.Range(1, 20).Where(shard => shard != script.HotShard).ToArray();
        foreach (var at in new[] { 0.0, 40, 80 })
            Assert.Single(others.Select(shard => script.RateAt(shard, at)).Distinct());
        Assert.True(script.RateAt(script.HotShard, script.PeakAt()) > 5 * script.RateAt(1, 0));
    }

    [Fact]
    public void A_wide_file_drives_one_shard_a_column_and_the_hot_one_is_the_one_that_rises()
    {
        var lines = Enumerable.Range(0, 200).Select(i => $"{i * 60},5,5,5,{(i < 150 ? 1 : 9)},5,5,5,5");
        var script = DemoScript.Of(Trace("timestamp,a,b,c,d,e,f,g,h\n" + string.Join('\n', lines)), Options);
        Assert.Equal((8, 4, 4), (script.Shards, script.HotShard, script.HotNode));
        Assert.Equal((5, 12.0), (script.StepSeconds, script.Speed));
        Assert.Equal(script.RateOf(4, 199) / 9, script.RateOf(1, 199) / 5, 6);
        Assert.InRange(150, script.Window.First, script.Window.First + script.Window.Steps);
    }

    [Fact]
    public void A_step_of_the_load_has_the_mean_of_its_point()
    {
        var script = DemoScript.Of(GeneratedTrace.Build(1), Options);
        for (var step = 1; step < 20; step++)
        {
            var seconds = Enumerable.Range(0, 50).Select(i => (step * 5) + (i / 10.0));
            var mean = seconds.Average(at => script.RateAt(script.HotShard, at));
            var point = script.RateOf(script.HotShard, script.FirstPoint + step);
            Assert.InRange(mean / point, 0.85, 1.15);
        }
    }

    [Theory]
    [InlineData("too short", 20, 60.0, "trace has 20 points; a replay of 20 needs at least 51")]
    [InlineData("a broken step", 200, 77.0, "--speed 77 makes a step of 300 s last 3.896 s")]
    [InlineData("too slow", 200, 1.0, "allowed is what makes it 1 to 60 whole seconds, such as 60 (5 s)")]
    public void A_trace_that_cannot_be_replayed_is_refused_with_the_reason(
        string what, int points, double speed, string expected)
    {
        var text = "timestamp,value\n" + string.Join('\n', Enumerable.Range(0, points).Select(i => $"{i * 300},{i}"));
        var error = Assert.Throws<TraceFormatException>(
            () => DemoScript.Of(Trace(text), Options with { Speed = speed }));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void A_trace_that_never_rises_is_refused()
    {
        var text = "timestamp,value\n" + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i * 300},5"));
        var error = Assert.Throws<TraceFormatException>(() => DemoScript.Of(Trace(text), Options));
        Assert.Contains("never rises", error.Message);
    }

    [Fact]
    public void The_history_ends_where_the_load_begins_and_holds_the_trace_before_it()
    {
        var script = DemoScript.Of(GeneratedTrace.Build(1), Options);
        const long startMs = 1_800_000_000_000;
        var rollups = new LoadRollups(script.StepSeconds);
        Assert.True(rollups.TryMerge(DemoHistory.Encode(script, startMs), out var error), error);
        var reads = rollups.Series(new SeriesKey(SeriesKind.Shard, 3, LoadMetric.ReadsPerSecond), script.StepSeconds);
        var writes = rollups.Series(new SeriesKey(SeriesKind.Shard, 3, LoadMetric.WritesPerSecond), script.StepSeconds);
        var kept = Math.Min(script.FirstPoint, RollupLevel.StepBucketsMax);
        Assert.Equal(kept, reads.Values.Length);
        Assert.Equal(startMs, reads.StartUnixMs + (reads.Values.Length * script.StepSeconds * 1000L));
        for (var back = 1; back <= kept; back += 100)
        {
            var rate = script.RateOf(3, script.FirstPoint - back);
            Assert.InRange(reads.Values[^back] + writes.Values[^back], rate * 0.9995, rate * 1.0005);
        }
    }

    private static TraceFile Trace(string text) => TraceFile.Parse(new StringReader(text), "t.csv");
}
