using System.Collections.Immutable;
using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>What holds for any cluster. Each case is a seed; a failure names it.</summary>
public class PlannerPropertyTests
{
    private const int Cases = 150;

    public static readonly TheoryData<BalancerMode> Modes = [BalancerMode.Predictive, BalancerMode.Reactive];

    private static ClusterSnapshot Snapshot(int seed, BalancerMode mode)
    {
        var cluster = RandomCluster.Draw(seed);
        cluster.Policy = cluster.Policy with { Mode = mode };
        return cluster.Snapshot();
    }

    private static Decision Decide(ClusterSnapshot snapshot) => Planner.Decide(snapshot, TestCluster.NowMs, 7);

    private static string Print(Decision decision) => string.Join('\n', decision.Recommendations.Select(row =>
        $"{row.Kind} {row.Shard}: {row.From}>{row.To} {row.Urgency.Score:R} at {row.ExecuteAtMs} {row.Explanation}"));

    [Theory, MemberData(nameof(Modes))]
    public void The_answer_does_not_depend_on_the_order_of_the_snapshot(BalancerMode mode)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = Snapshot(seed, mode);
            var random = new Random(seed);
            var shuffled = snapshot with
            {
                Nodes = Shuffle(snapshot.Nodes, random),
                Shards = Shuffle(snapshot.Shards, random),
                RecentMoves = Shuffle(snapshot.RecentMoves, random),
            };
            Assert.True(Print(Decide(snapshot)) == Print(Decide(shuffled)), $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public void No_row_breaks_a_hard_rule(BalancerMode mode)
    {
        var rows = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = Snapshot(seed, mode);
            var decision = Decide(snapshot);
            rows += decision.Recommendations.Length;
            foreach (var row in decision.Recommendations)
                CheckRow(snapshot, row, $"seed {seed}: {row.Explanation}");
            CheckLimits(snapshot, decision, $"seed {seed}");
        }
        Assert.True(rows > 20, $"only {rows} rows were checked");
    }

    private static void CheckRow(ClusterSnapshot snapshot, Recommendation row, string why)
    {
        var shard = snapshot.Shards.Single(shard => shard.Id == row.Shard);
        var target = snapshot.Nodes.Single(node => node.Id == row.To);
        Assert.True(row.From != row.To && target.State == NodeState.Active, why);
        Assert.DoesNotContain(row.Shard.Value, snapshot.Policy.PinnedShards);
        Assert.Contains(shard.Replicas, replica => replica.Node == row.From);
        var isHeld = shard.Replicas.Any(replica => replica.Node == row.To);
        Assert.True(isHeld == (row.Kind == MoveKind.LeaderTransfer), why);
        Assert.True(row.Kind == MoveKind.ReplicaMove || shard.Leader == row.From, why);
        Assert.True(row.Cause == MoveCause.Drain || row.Urgency.Score >= snapshot.Policy.Triggers.UrgencyMin, why);
        Assert.True(row.ExecuteAtMs >= TestCluster.NowMs && row.ExpiresMs > row.ExecuteAtMs, why);
        var isLost = snapshot.Nodes.Any(node => node.State == NodeState.Down
            && shard.Replicas.Any(replica => replica.Node == node.Id));
        Assert.False(isLost && row.Kind == MoveKind.ReplicaMove, why);
        foreach (var recent in snapshot.RecentMoves.Where(move => move.Shard == row.Shard))
        {
            var age = (TestCluster.NowMs - recent.EndedMs) / 1000.0;
            var limits = snapshot.Policy.Limits;
            Assert.True(row.Cause == MoveCause.Drain || age >= limits.CooldownSeconds, why);
            Assert.False(recent.From == row.To && recent.To == row.From
                && age < limits.CooldownSeconds * limits.ReversalCooldowns, why);
        }
    }

    private static void CheckLimits(ClusterSnapshot snapshot, Decision decision, string why)
    {
        var limits = snapshot.Policy.Limits;
        var rows = decision.Recommendations;
        var moves = rows.Where(row => row.Kind == MoveKind.ReplicaMove)
            .Where(row => row.ExecuteAtMs <= TestCluster.NowMs).ToList();
        Assert.True(rows.Select(row => row.Shard).Distinct().Count() == rows.Length, why);
        Assert.True(moves.Count <= limits.ReplicaMovesMax, why);
        foreach (var node in snapshot.Nodes)
        {
            var touching = moves.Count(row => row.From == node.Id || row.To == node.Id);
            Assert.True(touching <= limits.ReplicaMovesPerNodeMax, why);
        }
        Assert.True(rows.Select(row => row.Urgency.Score).Zip(rows.Skip(1).Select(row => row.Urgency.Score))
            .All(pair => pair.First >= pair.Second), why);
    }

    [Fact]
    public void While_its_moves_run_the_planner_does_not_add_to_them_for_the_same_node()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = Snapshot(seed, BalancerMode.Predictive);
            var first = Decide(snapshot);
            var running = snapshot with
            {
                InFlight = [.. first.Recommendations.Select(
                    row => new MoveInFlight(row.Shard, row.From, row.To, row.Kind, TestCluster.NowMs))],
            };
            var shards = first.Recommendations.Select(row => row.Shard).ToHashSet();
            Assert.DoesNotContain(Decide(running).Recommendations, row => shards.Contains(row.Shard));
        }
    }

    [Fact]
    public void Any_placement_with_room_converges_to_no_overload_and_stops()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (rounds, moves, snapshot) = Converge(RandomCluster.Draw(seed, isTidy: true).Snapshot());
            Assert.True(rounds < 50, $"seed {seed}: still moving after {rounds} rounds and {moves} moves");
            var peak = Decide(snapshot).Outlooks.Max(outlook => outlook.PeakFraction);
            Assert.True(peak <= 0.9, $"seed {seed}: peak {peak:F2} after {moves} moves");
        }
    }

    /// <summary>Carries out every row at once and asks again an hour later, until nothing is proposed.</summary>
    private static (int Rounds, int Moves, ClusterSnapshot Last) Converge(ClusterSnapshot snapshot)
    {
        var moves = 0;
        for (var round = 0; ; round++)
        {
            var rows = Decide(snapshot).Recommendations;
            if (rows.IsEmpty || round == 50)
                return (round, moves, snapshot);
            moves += rows.Length;
            snapshot = Placements.Remeasure(rows.Aggregate(snapshot, Placements.CarryOut));
        }
    }

    private static ImmutableArray<T> Shuffle<T>(ImmutableArray<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return [.. array];
    }
}
