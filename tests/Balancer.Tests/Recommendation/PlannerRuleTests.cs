using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>No answer of the planner breaks a hard rule. Each case is a seed; a failure names it.</summary>
public class PlannerRuleTests
{
    private const int Cases = 400;

    public static readonly TheoryData<BalancerMode> Modes = [BalancerMode.Predictive, BalancerMode.Reactive];

    [Theory, MemberData(nameof(Modes))]
    public void No_list_of_rows_breaks_a_rule_that_the_snapshot_and_the_policy_imply(BalancerMode mode)
    {
        var kinds = new Dictionary<(MoveKind, bool), int>();
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, mode);
            var rows = Decide(snapshot).Recommendations;
            var broken = RuleChecks.Broken(snapshot, rows);
            Assert.True(broken.Count == 0, $"{mode}, seed {seed}: {string.Join(", ", broken)} by {Print(rows)}");
            foreach (var row in rows)
            {
                var kind = (row.Kind, row.Cause == MoveCause.Drain);
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            }
        }
        Assert.True(kinds.Count == 3 && kinds.Values.Min() > 20, $"too few were checked: {string.Join(", ", kinds)}");
    }

    [Fact]
    public void The_checks_see_every_rule_broken_by_some_move_that_could_have_been_proposed()
    {
        var seen = new HashSet<RejectionReason>();
        for (var seed = 0; seed < Cases / 4; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, BalancerMode.Predictive);
            var rows = AllMoves(snapshot).ToList();
            foreach (var row in rows)
                seen.UnionWith(RuleChecks.Broken(snapshot, [row]));
            seen.UnionWith(RuleChecks.Broken(snapshot, rows));
        }
        Assert.Equal(RuleChecks.Known.Order(), seen.Order());
    }

    [Fact]
    public void Every_rule_of_the_planner_speaks_somewhere()
    {
        var spoken = new HashSet<RejectionReason>();
        for (var seed = 0; seed < Cases; seed++)
        {
            var mode = seed % 2 == 0 ? BalancerMode.Predictive : BalancerMode.Reactive;
            var decision = Decide(RuledCluster.Draw(seed, mode));
            spoken.UnionWith(decision.Rejections.Select(count => count.Reason));
        }
        // A holder is not even looked at as a target, and one is given to alternatives of a row only.
        var silent = Enum.GetValues<RejectionReason>().Except(
                [RejectionReason.None, RejectionReason.TargetHoldsReplica, RejectionReason.LessUseful])
            .Except(spoken);
        Assert.Empty(silent);
    }

    /// <summary>With one row a decision its outlooks are what the row was chosen by.</summary>
    [Fact]
    public void A_move_carries_a_fair_part_of_the_gap_and_leaves_its_target_no_worse_off_than_its_source()
    {
        var moves = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var snapshot = RuledCluster.Draw(seed, BalancerMode.Predictive);
            snapshot = snapshot with
            {
                Nodes = [.. snapshot.Nodes.Select(node => node with
                {
                    State = node.State == NodeState.Down ? NodeState.Down : NodeState.Active,
                    IsLeaving = false,
                })],
                Policy = snapshot.Policy with { Limits = snapshot.Policy.Limits with { RowsMax = 1 } },
            };
            var decision = Decide(snapshot);
            foreach (var row in decision.Recommendations)
            {
                CheckLoad(snapshot, decision, row, $"seed {seed}: {row.Explanation}");
                moves++;
            }
        }
        Assert.True(moves > 50, $"only {moves} moves were checked");
    }

    private static void CheckLoad(ClusterSnapshot snapshot, Decision decision, Recommendation row, string why)
    {
        var limits = snapshot.Policy.Limits;
        var (source, target) = (Outlook(decision, row.From), Outlook(decision, row.To));
        var step = (int)Math.Round((source.PeakMs - TestCluster.NowMs) / (1000 * source.StepSeconds)) - 1;
        var shard = snapshot.Shards.Single(shard => shard.Id == row.Shard);
        var leader = TestCluster.Costs.LeaderCores(shard.Demand);
        var follower = TestCluster.Costs.FollowerCores(shard.Demand);
        var part = source.Contributions.Single(part => part.Shard == row.Shard);
        // What the shard is asked for then, against now: costs go with it.
        var growth = part.Cores / (part.Leads ? leader : follower);
        var leaves = part.Cores - (row.Kind == MoveKind.LeaderTransfer ? growth * follower : 0);
        var comes = growth * (part.Leads ? leader : follower)
            - (row.Kind == MoveKind.LeaderTransfer ? growth * follower : 0);
        var (from, to) = (Cores(snapshot, row.From), Cores(snapshot, row.To));
        var cores = source.Median[step] * from;
        Assert.True(part.Cores <= limits.ConcentrationMax * cores * 1.000001, why);
        var floor = row.Kind == MoveKind.LeaderTransfer ? limits.LeaderFloor : limits.ReplicaFloor;
        Assert.True(leaves >= floor * cores * 0.999999, why);
        var gap = source.Median[step] - target.Median[step];
        Assert.True(0.5 * ((leaves / from) + (comes / to)) <= limits.GapFractionMax * gap * 1.000001, why);
        var then = Then(snapshot, row);
        var (relieved, filled) = (Outlook(then, row.From), Outlook(then, row.To));
        Assert.True(relieved.Probability <= source.Probability, why);
        var mayBe = Math.Max(1 - snapshot.Policy.Triggers.TrustQuantile, source.Probability);
        Assert.True(filled.Probability <= mayBe + 1e-6, $"{filled.Probability} at the target: {why}");
    }

    /// <summary>The same cluster with the row under way, which the planner counts as done.</summary>
    private static Decision Then(ClusterSnapshot snapshot, Recommendation row) => Decide(snapshot with
    {
        InFlight = [.. snapshot.InFlight, new MoveInFlight(row.Shard, row.From, row.To, row.Kind, TestCluster.NowMs)],
    });

    private static double Cores(ClusterSnapshot snapshot, NodeId id) =>
        snapshot.Nodes.Single(node => node.Id == id).CapacityCores;

    private static OverloadOutlook Outlook(Decision decision, NodeId id) =>
        decision.Outlooks.Single(outlook => outlook.Node == id);

    private static Decision Decide(ClusterSnapshot snapshot) => Planner.Decide(snapshot, TestCluster.NowMs, 7);

    private static string Print(IEnumerable<Recommendation> rows) => string.Join(
        "; ", rows.Select(row => $"{row.Kind} {row.Shard} {row.From}>{row.To} at {row.ExecuteAtMs} ({row.Cause})"));

    private static IEnumerable<Recommendation> AllMoves(ClusterSnapshot snapshot) =>
        from shard in snapshot.Shards
        from holder in shard.Replicas
        from target in snapshot.Nodes
        where target.Id != holder.Node
        from kind in holder.Node == shard.Leader
            ? new[] { MoveKind.LeaderTransfer, MoveKind.ReplicaMove } : [MoveKind.ReplicaMove]
        select new Recommendation
        {
            Shard = shard.Id,
            From = holder.Node,
            To = target.Id,
            Kind = kind,
            Cause = MoveCause.ForecastOverload,
            DeadlineMs = TestCluster.NowMs + 1_800_000,
            ExecuteAtMs = TestCluster.NowMs,
            ExpiresMs = TestCluster.NowMs + 60_000,
            Urgency = default,
            Cost = default,
            Impact = default,
            PolicyVersion = 0,
            Strategy = "any",
            Explanation = "",
        };
}
