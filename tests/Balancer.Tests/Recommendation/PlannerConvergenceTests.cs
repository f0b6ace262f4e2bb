using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>Under a demand that does not change the planner comes to an end, and to a good one. Each case is a seed; a
/// failure names it.</summary>
public class PlannerConvergenceTests
{
    private const int Cases = 32;
    private const int Hours = 6;

    /// <summary>Long enough for every rest that the default policy knows: three cool-downs of ten minutes.</summary>
    private const int QuietMinutes = 120;

    /// <summary>All nodes together, of capacity. A placement under the threshold of 0.8 exists: shards take less than a
    /// twelfth of a node.</summary>
    private const double Fill = 0.55;

    public static readonly TheoryData<BalancerMode> Modes = [BalancerMode.Predictive, BalancerMode.Reactive];

    [Theory, MemberData(nameof(Modes))]
    public void From_any_placement_the_moves_end_none_is_undone_and_no_node_stays_over_the_threshold(BalancerMode mode)
    {
        var moved = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var cluster = SteadyCluster.Draw(seed, mode, Fill);
            cluster.Live(60 * Hours);
            moved += cluster.Moves.Count;
            Assert.True(cluster.HighestFraction <= 0.8,
                $"{mode}, seed {seed}: {cluster.HighestFraction:F3} after {cluster.Moves.Count} moves, "
                + Planner.Decide(cluster.Snapshot, TestCluster.NowMs + (Hours * 3_600_000L), 7).WhyNothing);
            Assert.True(cluster.LastMoveMinute < (60 * Hours) - QuietMinutes,
                $"{mode}, seed {seed}: still moving in minute {cluster.LastMoveMinute}, {cluster.Moves.Count} moves");
            CheckNoReturn(cluster, $"{mode}, seed {seed}");
        }
        Assert.True(moved > 10 * Cases, $"only {moved} moves: the placements were not bad enough");
    }

    /// <summary>Where nothing can be gained, as where nothing needs to be.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.95)]
    public void A_cluster_that_is_nowhere_or_everywhere_full_is_left_alone_in_the_end(double fill)
    {
        for (var seed = 0; seed < Cases / 4; seed++)
        {
            var cluster = SteadyCluster.Draw(seed, BalancerMode.Predictive, fill);
            cluster.Live(60 * Hours);
            Assert.True(cluster.LastMoveMinute < (60 * Hours) - QuietMinutes,
                $"seed {seed}: still moving after {cluster.LastMoveMinute} minutes, {cluster.Moves.Count} moves");
        }
    }

    private static void CheckNoReturn(SteadyCluster cluster, string seed)
    {
        for (var i = 0; i < cluster.Moves.Count; i++)
        {
            var move = cluster.Moves[i];
            var back = cluster.Moves.Skip(i + 1).FirstOrDefault(
                later => later.Shard == move.Shard && later.To == move.From && later.From == move.To);
            Assert.True(back is null, $"{seed}: shard {move.Shard} went {move.From}>{move.To} and back");
        }
    }
}
