using ShardStore.Balancer.Tests.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests;

/// <summary>What a round of a large cluster may cost. Bounds are wide and relative to the machine: guards against work
/// that grows with nodes times shards, not benchmarks.</summary>
[Collection(MeasuredAlone.Name)]
public class PlannerSizeTests(ITestOutputHelper output)
{
    private const int Nodes = 1000;
    private const int Shards = 100_000;
    private static readonly double[] s_levels = [0.5, 0.9];

    [Fact]
    public void A_round_allocates_little_more_than_its_grid_for_each_shard()
    {
        var snapshot = LargeSnapshots.Build(Nodes, Shards, 60, s_levels);
        Planner.Decide(snapshot, LargeSnapshots.NowMs, 1);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var decision = Planner.Decide(snapshot, LargeSnapshots.NowMs, 1);

        var perShard = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Shards;
        output.WriteLine($"{perShard:F0} bytes a shard, {decision.Recommendations.Length} rows");
        Assert.True(decision.Recommendations.Length > 5, "there must be something to decide");
        // Twelve steps of median and spread take 192, replicas, their nodes' lists and contributions some 150.
        Assert.InRange(perShard, 192, 640);
    }

    [Fact]
    public void A_round_takes_a_small_multiple_of_sorting_its_shards_and_grows_with_them()
    {
        var small = Seconds(LargeSnapshots.Build(Nodes / 8, Shards / 8, 8, s_levels));
        var large = Seconds(LargeSnapshots.Build(Nodes, Shards, 60, s_levels));
        var sorting = Sorting();
        output.WriteLine(
            $"{small * 1e3:F0} ms, eight times as large {large * 1e3:F0} ms, sorting {sorting * 1e3:F0} ms");
        Assert.True(large < 40 * sorting, $"{large / sorting:F1} times the sorting of a million numbers");
        Assert.True(large < 40 * small, $"{large / small:F1} times as long for eight times the size");
    }

    /// <summary>The fastest of five: what a busy machine adds is not the planner's.</summary>
    private static double Seconds(ClusterSnapshot snapshot) =>
        Fastest(() => Planner.Decide(snapshot, LargeSnapshots.NowMs, 1));

    private static double Sorting()
    {
        var random = new Random(1);
        var numbers = Enumerable.Range(0, 1_000_000).Select(_ => random.NextDouble()).ToArray();
        return Fastest(() => Array.Sort((double[])numbers.Clone()));
    }

    private static double Fastest(Action action)
    {
        var fastest = double.PositiveInfinity;
        for (var i = 0; i < 5; i++)
        {
            var started = Environment.CpuUsage.TotalTime;
            action();
            fastest = Math.Min(fastest, (Environment.CpuUsage.TotalTime - started).TotalSeconds);
        }
        return fastest;
    }

    [Fact]
    public void A_forecast_of_two_levels_is_decided_on_as_one_of_seven()
    {
        double[] seven = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
        var few = Planner.Decide(LargeSnapshots.Build(60, 3000, 8, s_levels), LargeSnapshots.NowMs, 1);
        var many = Planner.Decide(LargeSnapshots.Build(60, 3000, 8, seven), LargeSnapshots.NowMs, 1);
        Assert.True(few.Recommendations.Length > 5);
        Assert.Equal(
            many.Recommendations.Select(row => (row.Shard, row.To, row.Urgency, row.ExecuteAtMs)),
            few.Recommendations.Select(row => (row.Shard, row.To, row.Urgency, row.ExecuteAtMs)));
    }

    [Fact]
    public void In_a_cluster_of_thousands_a_replica_still_finds_a_target_in_its_own_zone()
    {
        var snapshot = LargeSnapshots.Build(3000, 30_000, 20, s_levels);
        var zones = snapshot.Nodes.ToDictionary(node => node.Id, node => node.Zone);
        // With a replica in each zone only the source's own is left to go to, and it is the fullest.
        var crowded = snapshot with
        {
            Shards = [.. snapshot.Shards.Select(shard => shard with
            {
                Replicas = [.. shard.Replicas.Select((replica, i) => i == 0 ? replica : InZone(replica, shard, i))],
                Leader = shard.Replicas[0].Node,
            })],
            Policy = snapshot.Policy with { Limits = snapshot.Policy.Limits with { LeaderTransfersMax = 1 } },
        };

        var moves = Planner.Decide(crowded, LargeSnapshots.NowMs, 1).Recommendations
            .Where(row => row.Kind == MoveKind.ReplicaMove).ToList();

        Assert.NotEmpty(moves);
        Assert.All(moves, row => Assert.Equal(zones[row.From], zones[row.To]));

        ShardReplica InZone(ShardReplica replica, ShardLoad shard, int place)
        {
            // Nodes go round the zones: the next ones of the leader are in the other two.
            var node = ((shard.Replicas[0].Node.Value - 1 + place) % 3000) + 1;
            return replica with { Node = new NodeId(node) };
        }
    }

    [Fact]
    public void The_rows_without_outlooks_are_those_of_the_decision()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, BalancerMode.Predictive);
            Assert.Equal(
                Planner.Decide(snapshot, TestCluster.NowMs, 3).Recommendations.Select(row => row.Explanation),
                Planner.Recommend(snapshot, TestCluster.NowMs, 3, PredictiveParts.All).Select(row => row.Explanation));
        }
    }
}
