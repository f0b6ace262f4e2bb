using System.Collections.Immutable;
using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>What holds for any cluster, whatever the rules make of it. Each case is a seed; a failure names it.
/// </summary>
public class PlannerPropertyTests
{
    private const int Cases = 200;

    public static readonly TheoryData<BalancerMode> Modes = [BalancerMode.Predictive, BalancerMode.Reactive];

    private static Decision Decide(ClusterSnapshot snapshot, long nowMs = TestCluster.NowMs) =>
        Planner.Decide(snapshot, nowMs, 7);

    [Theory, MemberData(nameof(Modes))]
    public void The_answer_does_not_depend_on_the_order_of_the_snapshot(BalancerMode mode)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, mode);
            var random = new Random(seed);
            var shuffled = snapshot with
            {
                Nodes = Shuffle(snapshot.Nodes, random),
                Shards = Shuffle(
                    [.. snapshot.Shards.Select(shard => shard with { Replicas = Shuffle(shard.Replicas, random) })],
                    random),
                RecentMoves = Shuffle(snapshot.RecentMoves, random),
                InFlight = Shuffle(snapshot.InFlight, random),
                Links = Shuffle(snapshot.Links, random),
                Policy = snapshot.Policy with { PinnedShards = Shuffle(snapshot.Policy.PinnedShards, random) },
            };
            Assert.True(Print(Decide(snapshot)) == Print(Decide(shuffled)), $"{mode}, seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public void A_row_is_about_the_cluster_as_it_is_and_rows_come_by_urgency(BalancerMode mode)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, mode);
            var rows = Decide(snapshot).Recommendations;
            foreach (var row in rows)
            {
                var why = $"{mode}, seed {seed}: {row.Explanation}";
                var shard = snapshot.Shards.Single(shard => shard.Id == row.Shard);
                Assert.True(shard.Replicas.Any(replica => replica.Node == row.From) && row.From != row.To, why);
                Assert.True(row.Kind == MoveKind.ReplicaMove || shard.Leader == row.From, why);
                Assert.True(row.ExecuteAtMs >= TestCluster.NowMs && row.ExpiresMs > row.ExecuteAtMs, why);
                Assert.True(row.Cause == MoveCause.Drain
                    || row.Urgency.Score >= snapshot.Policy.Triggers.UrgencyMin, why);
                Assert.Equal(snapshot.Policy.Version, row.PolicyVersion);
            }
            var scores = rows.Select(row => row.Urgency.Score).ToList();
            Assert.True(scores.SequenceEqual(scores.OrderDescending()), $"{mode}, seed {seed}");
        }
    }

    /// <summary>Half a minute later the rows that were due run, and the load has not changed.</summary>
    [Theory, MemberData(nameof(Modes))]
    public void While_its_moves_run_the_planner_proposes_none_of_them_again_and_nothing_against_them(BalancerMode mode)
    {
        var cases = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, mode);
            var started = Decide(snapshot).Recommendations
                .Where(row => row.ExecuteAtMs <= TestCluster.NowMs).ToList();
            if (started.Count == 0)
                continue;
            cases++;
            var running = Running(snapshot, started);
            foreach (var row in Decide(running, TestCluster.NowMs + 30_000).Recommendations)
            {
                var why = $"{mode}, seed {seed}: {Print(row)} while {string.Join("; ", started.Select(Print))}";
                Assert.True(started.TrueForAll(other => other.Shard != row.Shard), why);
                Assert.True(started.TrueForAll(other => other.From != row.To), why);
            }
            var again = RuleChecks.Broken(running, Decide(running).Recommendations);
            Assert.True(again.Count == 0, $"{mode}, seed {seed}: {string.Join(", ", again)}");
        }
        Assert.True(cases > Cases / 8, $"only {cases} cases had a move to run");
    }

    /// <summary>No limit keeps it from saying all that it has to say in one round.</summary>
    [Theory, MemberData(nameof(Modes))]
    public void Once_all_its_moves_run_the_planner_has_nothing_to_add(BalancerMode mode)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var drawn = RuledCluster.Draw(seed, mode);
            var snapshot = drawn with
            {
                Policy = drawn.Policy with
                {
                    Limits = drawn.Policy.Limits with
                    {
                        ReplicaMovesMax = 1000,
                        ReplicaMovesPerNodeMax = 100,
                        LeaderTransfersMax = 1000,
                        RowsMax = 1000,
                    },
                },
            };
            var rows = Decide(snapshot).Recommendations;
            var more = Decide(Running(snapshot, rows)).Recommendations;
            Assert.True(more.IsEmpty, $"{mode}, seed {seed}: {string.Join("; ", more.Select(Print))} after "
                + string.Join("; ", rows.Select(Print)));
        }
    }

    private static ClusterSnapshot Running(ClusterSnapshot snapshot, IEnumerable<Recommendation> rows) => snapshot with
    {
        InFlight =
        [
            .. snapshot.InFlight,
            .. rows.Select(row => new MoveInFlight(row.Shard, row.From, row.To, row.Kind, TestCluster.NowMs)),
        ],
    };

    private static string Print(Decision decision) => string.Join('\n',
    [
        .. decision.Recommendations.Select(row => $"{Print(row)} {row.Urgency} {row.DeadlineMs} {row.Cost} {row.Impact}"
            + $" {row.Gain} {row.Explanation} {string.Join(',', row.Alternatives)}"),
        .. decision.Advice.Select(advice => advice.ToString()),
        .. decision.Outlooks.Select(outlook => $"{outlook.Node} {outlook.Probability:R} {outlook.PeakFraction:R} "
            + $"{outlook.BreachMsP90} {string.Join(',', outlook.Median)} {string.Join(',', outlook.Contributions)}"),
        string.Join(',', decision.Rejections), decision.WhyNothing,
    ]);

    private static string Print(Recommendation row) =>
        $"{row.Kind} {row.Shard} {row.From}>{row.To} at {row.ExecuteAtMs} ({row.Cause})";

    private static ImmutableArray<T> Shuffle<T>(ImmutableArray<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return [.. array];
    }
}
