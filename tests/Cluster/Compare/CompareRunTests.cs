using ShardStore.Balancer;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Demo;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>A short run on real processes; for figures, use the command in docs/testing.md.</summary>
public sealed class CompareRunTests(ITestOutputHelper output)
{
    private const double CapacityCores = 0.5;

    /// <summary>A step of two seconds, so that the run takes half a minute.</summary>
    private const double Speed = 150;

    /// <summary>Of the demo's demand: tests run where much else does.</summary>
    private const double Demand = 0.3;

    private readonly Figures _figures = new(output);

    [Fact]
    public async Task A_run_replays_its_plan_to_the_last_request_and_counts_what_the_nodes_publish()
    {
        var script = DemoScript.Of(GeneratedTrace.Build(seed: 1), new DemoOptions
        {
            Nodes = 3,
            Replicas = 3,
            Shards = 12,
            Seconds = 10,
            Speed = Speed,
            Port = 0,
            AdminPort = 0,
            Json = false,
        });
        script = script with { Scale = Demand * script.Scale, Background = Demand * script.Background };
        var plan = new ComparePlan(script, CompareCalibration.Assumed, CapacityCores);
        var progress = new StringWriter();
        var run = await new CompareRun(plan, CompareCluster.StartAsync, progress).RunAsync(BalancerMode.Reactive);
        _figures.Write($"{run}");
        Assert.Equal("reactive", run.Mode);
        var due = Enumerable.Range(0, (int)plan.Seconds).Sum(second =>
            Enumerable.Range(1, script.Shards).Sum(shard => plan.RateAt(shard, second + 0.5)));
        Assert.InRange(run.Requests, 0.95 * due, 1.05 * due);
        // Each has an outcome and a time, answered or not.
        Assert.InRange(run.Latency.Count, 0.5 * script.ReplaySeconds / plan.Seconds * run.Requests, run.Requests);
        Assert.True(run.Errors < run.Requests / 2, progress.ToString());
        Assert.True(run.SilentS < script.Nodes * script.ReplaySeconds, "nothing is known of any node");
        Assert.InRange(run.OverCapacityS, 0, run.OverThresholdS);
        Assert.True(run.StartShare > 0, progress.ToString());
        Assert.NotEqual("none", run.Forecaster);
    }
}
