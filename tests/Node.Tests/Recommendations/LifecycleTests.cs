using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>From proposal to end, under each way to execute, round by round.</summary>
public sealed class LifecycleTests
{
    private readonly TestCluster _cluster = new();

    [Fact]
    public void A_proposal_keeps_its_number_while_it_is_refreshed_and_over_a_round_without_it()
    {
        Round(Automatic, Row(_cluster, waitMs: 30 * MinuteMs));
        var first = _cluster.Only();
        Assert.Equal((1, RecommendationState.Proposed, false), (first.Id, first.State, first.IsDrain));
        Round(Automatic, Row(_cluster, waitMs: 20 * MinuteMs));
        Round(Automatic);
        Round(Automatic, Row(_cluster, waitMs: 20 * MinuteMs));
        Assert.Equal(first, _cluster.Only());
    }

    [Fact]
    public void A_proposal_that_is_not_made_any_more_is_forgotten_and_its_number_never_used_again()
    {
        Round(Automatic, Row(_cluster, waitMs: 30 * MinuteMs));
        for (var seconds = 0; seconds <= 70; seconds += 10)
            Round(Automatic);
        Assert.Empty(_cluster.State.Recommendations);
        Round(Automatic, Row(_cluster, waitMs: 30 * MinuteMs));
        Assert.Equal(2, _cluster.Only().Id);
    }

    [Fact]
    public void Another_target_another_kind_or_another_shard_is_another_proposal()
    {
        Round(Automatic, Row(_cluster, waitMs: MinuteMs), Row(_cluster, to: 3, waitMs: MinuteMs),
            Row(_cluster, to: 4, waitMs: MinuteMs), Row(_cluster, shard: 2, to: 3, waitMs: MinuteMs));
        Assert.Equal([1L, 2, 3, 4], _cluster.State.Recommendations.Keys);
        Assert.Equal(MoveKind.ReplicaMove, _cluster.State.Recommendations[3].Move.Kind);
    }

    [Fact]
    public void Automatic_starts_what_is_due_and_records_what_was_expected()
    {
        var row = Row(_cluster);
        Round(Automatic, row, Row(_cluster, shard: 2, to: 3, waitMs: MinuteMs));
        var migration = Assert.Single(_cluster.State.Migrations.Values);
        Assert.Equal((1, 3L, 1L), (migration.Shard, migration.PolicyVersion, migration.Recommendation));
        var record = _cluster.State.Recommendations[1];
        Assert.Equal((RecommendationState.Executing, 1), (record.State, record.Migration));
        Assert.Equal((row.Expected, row.Explanation, "predictive"), (record.Expected, record.Reason, record.Strategy));
        Assert.Equal(
            [new RejectedTarget(5, 3, MoveKind.LeaderTransfer, RejectionReason.NoGain)], record.Rejected.ToArray());
        Assert.Equal(RecommendationState.Proposed, _cluster.State.Recommendations[2].State);

        _cluster.WallMs += 700;
        _cluster.End(1);
        record = _cluster.State.Recommendations[1];
        Assert.Equal((RecommendationState.Done, 700), (record.State, record.EndedMs - record.StartedMs));
        Assert.Null(record.Outcome);
    }

    [Fact]
    public void A_move_that_fails_says_why_and_is_proposed_under_another_number()
    {
        Round(Automatic, Row(_cluster));
        _cluster.End(1, "n2 is away");
        Assert.Equal((RecommendationState.Failed, "n2 is away"), (_cluster.Only().State, _cluster.Only().Error));
        Round(Automatic, Row(_cluster, waitMs: MinuteMs));
        Assert.Equal(RecommendationState.Proposed, _cluster.State.Recommendations[2].State);
    }

    [Fact]
    public void To_advise_starts_nothing_but_a_drain()
    {
        Round(Advise, Row(_cluster));
        Assert.Empty(_cluster.State.Migrations);
        Assert.Equal(RecommendationState.Proposed, _cluster.Only().State);
        Round(Advise, Row(_cluster, shard: 2, to: 3, cause: MoveCause.Drain));
        Assert.Equal(2, Assert.Single(_cluster.State.Migrations.Values).Shard);
        _cluster.End(1);
        Assert.Equal(MoveHelp.Ordered, _cluster.State.Recommendations[2].Outcome!.Help);
    }

    [Fact]
    public void To_approve_starts_what_was_approved_in_its_window_and_drains_at_once()
    {
        Round(Approve, Row(_cluster, waitMs: 2 * MinuteMs), Row(_cluster, shard: 2, to: 3, cause: MoveCause.Drain));
        Assert.Equal(2, Assert.Single(_cluster.State.Migrations.Values).Shard);
        ApproveNow(1, Row(_cluster, waitMs: 2 * MinuteMs));
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        Assert.Single(_cluster.State.Migrations);
        Assert.Equal(RecommendationState.Approved, _cluster.State.Recommendations[1].State);
        Round(Approve, Row(_cluster));
        Assert.Equal(
            (RecommendationState.Executing, 2),
            (_cluster.State.Recommendations[1].State, _cluster.State.Recommendations[1].Migration));
    }

    [Fact]
    public void What_nobody_approved_is_due_in_vain()
    {
        for (var round = 0; round < 3; round++)
            Round(Approve, Row(_cluster));
        Assert.Empty(_cluster.State.Migrations);
        // Nor may a controller that believes otherwise start it.
        var start = new StartMigration(MoveKind.LeaderTransfer, 1, 1, 2, "x", 1)
        {
            PolicyVersion = 3,
            Recommended = new RecommendedStart(MoveCause.Overload, "predictive", "", new MoveExpectation(), [], true),
        };
        Assert.Equal("the move of shard 1 from node 1 to node 2 is not approved", _cluster.Refusal(start));
    }

    [Fact]
    public void An_approval_whose_time_has_passed_is_void_and_the_move_must_be_approved_anew()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        ApproveNow(1, Row(_cluster, waitMs: MinuteMs));
        _cluster.WallMs += (2 * MinuteMs) + 1;
        Round(Approve, Row(_cluster));
        var expired = _cluster.State.Recommendations[1];
        Assert.Equal(RecommendationState.Expired, expired.State);
        Assert.Empty(_cluster.State.Migrations);
        Round(Approve, Row(_cluster));
        Assert.Equal(RecommendationState.Proposed, _cluster.State.Recommendations[2].State);
        Assert.Contains("only a proposal can be approved", _cluster.Refusal(Approval(1, MinuteMs)));
    }

    [Fact]
    public void An_approval_goes_along_with_its_window_up_to_the_horizon()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        var horizonMs = (long)(Approve.Triggers.HorizonMinutes * MinuteMs);
        var latest = _cluster.WallMs + horizonMs;
        ApproveNow(1, Row(_cluster, waitMs: MinuteMs));
        // The forecast puts the breach off again and again.
        var minutes = 0;
        while (_cluster.Only().State == RecommendationState.Approved && minutes++ < 100)
        {
            _cluster.WallMs += MinuteMs;
            Round(Approve, Row(_cluster, waitMs: 5 * MinuteMs));
            Assert.True(_cluster.Only().ApprovedUntilMs <= latest);
        }
        Assert.Equal(RecommendationState.Expired, _cluster.Only().State);
        Assert.InRange(_cluster.Only().EndedMs, latest, latest + (2 * MinuteMs));
    }

    [Fact]
    public void Approvals_vetoes_and_proposals_outlive_the_controller()
    {
        Recommendation[] rows() =>
        [
            Row(_cluster, waitMs: MinuteMs), Row(_cluster, shard: 2, to: 3, waitMs: MinuteMs),
            Row(_cluster, shard: 3, to: 4, waitMs: MinuteMs),
        ];
        Round(Approve, rows());
        ApproveNow(1, Row(_cluster, waitMs: MinuteMs));
        Assert.True(_cluster.Apply(new VetoRecommendation(2, 60)).Ok);
        _cluster.ChangeController();
        Round(Approve, [rows()[0], rows()[2]]);
        Assert.Equal(
            [RecommendationState.Approved, RecommendationState.Vetoed, RecommendationState.Proposed],
            _cluster.State.Recommendations.Values.Select(record => record.State));
        Round(Approve, Row(_cluster));
        Assert.Equal(RecommendationState.Executing, _cluster.State.Recommendations[1].State);
    }

    [Fact]
    public void A_vetoed_shard_is_not_moved_by_a_controller_that_has_not_heard_of_it_and_is_free_again_later()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        Assert.True(_cluster.Apply(new VetoRecommendation(1, 60)).Ok);
        var results = Round(Automatic, Row(_cluster, to: 3));
        var refused = results.Single(result => result.Command is StartMigration).Result;
        Assert.StartsWith("shard 1 is to stay until 20", refused.Error);
        Assert.EndsWith("recommendation 1 was vetoed", refused.Error);
        Assert.Equal([1L], _cluster.State.Recommendations.Keys);
        // An operator may: that is an order.
        Assert.True(_cluster.Apply(new StartMigration(MoveKind.LeaderTransfer, 1, 1, 2, "by hand", 0)).Ok);
        _cluster.End(1);

        _cluster.Decide();
        Assert.Equal(new ShardId(1), Assert.Single(_cluster.Round!.Snapshot.VetoedShards));
        _cluster.WallMs += 60 * MinuteMs;
        _cluster.Decide();
        Assert.Empty(_cluster.Round!.Snapshot.VetoedShards);
    }

    private IReadOnlyList<(MetaCommand Command, MetaResult Result)> Round(
        BalancingPolicy policy, params Recommendation[] rows)
    {
        _cluster.WallMs += 10_000;
        _cluster.Decide(policy, [.. rows.Select(row => row with
        {
            ExecuteAtMs = row.ExecuteAtMs + 10_000,
            ExpiresMs = row.ExpiresMs + 10_000,
        })]);
        return _cluster.Act();
    }

    private void ApproveNow(long id, Recommendation row) =>
        Assert.True(_cluster.Apply(Approval(id, row.ExpiresMs - _cluster.WallMs)).Ok);

    private ApproveRecommendation Approval(long id, long holdsMs) => new(
        id, _cluster.WallMs + holdsMs,
        _cluster.WallMs + (long)(Approve.Triggers.HorizonMinutes * MinuteMs));
}
