using ShardStore.Balancer.Simulation;
using Xunit;
using static ShardStore.Balancer.Simulation.SimulatedStrategy;

namespace ShardStore.Balancer.Tests.Simulation;

/// <summary>Zones and quiet hours hold in the simulation as they do in a cluster.</summary>
public class SimulatedRulesTests
{
    [Theory]
    [InlineData(1, 6, 1)]
    [InlineData(2, 6, 2)]
    [InlineData(3, 6, 3)]
    [InlineData(3, 7, 3)]
    [InlineData(5, 6, 3)]
    public void Copies_of_a_shard_start_in_as_many_zones_as_there_are(int zones, int nodes, int expected)
    {
        var rules = SimulationRuns.Rules with { Nodes = nodes, Zones = zones };
        var design = ClusterDraw.Of(SimulationRuns.Flat([.. Enumerable.Repeat(10.0, 70)]), rules, 1);
        Assert.Equal(zones == 1 ? 0 : nodes, design.Zones.Length);
        Assert.All(design.Placement, copies => Assert.Equal(3, copies.Distinct().Count()));
        Assert.All(design.Placement, copies =>
            Assert.Equal(expected, copies.Select(node => node % zones).Distinct().Count()));
    }

    [Theory]
    [InlineData("skewed-load")]
    [InlineData("failure-replaced")]
    public void No_move_brings_copies_of_a_shard_into_one_zone(string scenario)
    {
        var rules = SimulationRuns.Rules with { Nodes = 7, Zones = 3 };
        var made = SimulationRuns.Case(scenario, seed: 1, rules, shards: 21);
        var run = new SimulationRun(made.Demand, made.Clusters, [Off, Reactive, Predictive, Oracle]);
        var zones = made.Clusters[0].Design.Zones;
        var results = SimulationRuns.Run(run, () => Assert.All(run.Lanes, lane => Assert.All(
            Enumerable.Range(0, 21), shard => Assert.Equal(3, lane.Placement.Replicas(shard)
                .Select(replica => zones[replica.Node.Value - 1]).Distinct().Count()))));
        Assert.Contains(results, result => result.Score.Moves > 0);
    }

    /// <summary>The node is drained at 8:00.</summary>
    [Theory]
    [InlineData(false, 8, 8.1)]
    [InlineData(true, 12, 12.1)]
    public void A_drain_waits_for_the_end_of_quiet_hours(bool isQuiet, double earliest, double latest)
    {
        var first = Assert.Single(Marks("drain", isQuiet, Off)).Where(IsReplica).Min(mark => mark.Hours);
        Assert.InRange(first, earliest, latest);
    }

    private static bool IsReplica(MoveMark mark) => mark.Kind == MoveKind.ReplicaMove;

    /// <summary>Moves of a day that begins at midnight, with or without quiet hours from 6:00 to 12:00.</summary>
    private static IEnumerable<IReadOnlyList<MoveMark>> Marks(
        string scenario, bool isQuiet, params SimulatedStrategy[] strategies)
    {
        var made = SimulationRuns.Case(scenario, seed: 1);
        var policy = BalancingPolicy.Default with { QuietHours = isQuiet ? [new QuietWindow(360, 720)] : [] };
        var cluster = made.Clusters[0] with { Policy = policy };
        var run = new SimulationRun(made.Demand, [cluster], strategies, withTimelines: true);
        return SimulationRuns.Run(run).Select(result => result.Timeline!.Moves);
    }
}
