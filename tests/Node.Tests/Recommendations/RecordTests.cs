using System.Text;
using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using ShardStore.Storage;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>What the meta group keeps of recommendations, and what it refuses.</summary>
public sealed class RecordTests
{
    private readonly TestCluster _cluster = new();

    [Fact]
    public void What_is_not_known_or_has_begun_or_ended_is_refused_by_name()
    {
        Number(1, 2, 3);
        Assert.Equal(
            "recommendation 9 is not known; `ctl recommendations` and `ctl outcomes` list those that are",
            _cluster.Refusal(Approval(9)));
        Assert.Contains("recommendation 9 is not known", _cluster.Refusal(new VetoRecommendation(9, 60)));

        Assert.True(_cluster.Apply(Approval(1)).Ok);
        Assert.StartsWith(
            "recommendation 1 (leadership of shard 1 from node 1 to node 2) is approved already, until ",
            _cluster.Refusal(Approval(1)));
        Assert.True(_cluster.Apply(new VetoRecommendation(2, 60)).Ok);
        Assert.Contains("is vetoed already, until ", _cluster.Refusal(new VetoRecommendation(2, 60)));
        Assert.Contains("is vetoed already, until ", _cluster.Refusal(Approval(2)));

        Begin(3);
        Assert.Contains("is being carried out by migration 1; only a proposal", _cluster.Refusal(Approval(3)));
        Assert.Contains(
            "is being carried out by migration 1; it is too late for a veto, cancel the migration instead",
            _cluster.Refusal(new VetoRecommendation(3, 60)));
        _cluster.End(1);
        Assert.Contains("was carried out by migration 1", _cluster.Refusal(Approval(3)));
        Assert.Contains("only what has not begun can be vetoed", _cluster.Refusal(new VetoRecommendation(3, 60)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_081)]
    public void A_veto_lasts_from_a_minute_to_a_week(int minutes)
    {
        Number(1);
        Assert.Equal(
            $"minutes {minutes}: must be from 1 to 10080", _cluster.Refusal(new VetoRecommendation(1, minutes)));
        Assert.True(_cluster.Apply(new VetoRecommendation(1, 10_080)).Ok);
        Assert.Equal(_cluster.WallMs + (10_080 * MinuteMs), _cluster.Only().VetoedUntilMs);
    }

    [Fact]
    public void A_drain_needs_no_approval_and_knows_no_veto()
    {
        Assert.True(_cluster.Apply(new NoteProposals([new NewProposal(Move(1), IsDrain: true)], [])).Ok);
        Assert.Equal("recommendation 1 is part of a drain, which needs no approval", _cluster.Refusal(Approval(1)));
        Assert.Equal(
            "recommendation 1 is part of a drain, which an operator ordered; end the drain instead",
            _cluster.Refusal(new VetoRecommendation(1, 60)));
    }

    [Fact]
    public void An_approval_that_comes_too_late_is_refused()
    {
        Number(1);
        Assert.StartsWith("recommendation 1 ran out at ", _cluster.Refusal(
            new ApproveRecommendation(1, _cluster.WallMs, _cluster.WallMs + MinuteMs)));
        Assert.Equal(RecommendationState.Proposed, _cluster.Only().State);
    }

    [Fact]
    public void What_others_did_meanwhile_is_not_undone()
    {
        Number(1);
        Assert.True(_cluster.Apply(Approval(1)).Ok);
        // The list of before: the proposal was gone from it, and is new in it.
        Assert.True(_cluster.Apply(new NoteProposals([new NewProposal(Move(1), false)], [1])).Ok);
        Assert.Equal((1, RecommendationState.Approved), (_cluster.Only().Id, _cluster.Only().State));
        Assert.False(_cluster.Apply(new EndApproval(1)).Ok);
        Assert.False(_cluster.Apply(new JudgeRecommendation(1, new MoveOutcome(MoveHelp.Yes))).Ok);
        Assert.False(_cluster.Apply(new KeepApproval(2, 1)).Ok);
    }

    [Fact]
    public void Everything_is_read_back_from_the_store()
    {
        Number(1, 2, 3);
        Assert.True(_cluster.Apply(Approval(1)).Ok);
        Assert.True(_cluster.Apply(new VetoRecommendation(2, 60)).Ok);
        Begin(3);
        _cluster.End(1);
        var outcome = new MoveOutcome(MoveHelp.Yes) { SourcePeak = 0.5, MeasuredShare = 1 };
        Assert.True(_cluster.Apply(new JudgeRecommendation(3, outcome)).Ok);
        var read = MetaState.Load(_cluster.Store);
        Assert.Equal(3, read.Cluster!.Recommendations);
        Assert.Equal(_cluster.State.Recommendations.Keys, read.Recommendations.Keys);
        foreach (var (mine, theirs) in _cluster.State.Recommendations.Values.Zip(read.Recommendations.Values))
            Assert.Equal(mine with { Rejected = [] }, theirs with { Rejected = [] });
        Assert.Equal(
            [new RejectedTarget(7, 0, MoveKind.ReplicaMove, RejectionReason.ShardPinned)],
            read.Recommendations[3].Rejected.ToArray());
        Assert.Equal(outcome, read.Recommendations[3].Outcome);
    }

    [Fact]
    public void A_store_of_before_recommendations_were_kept_is_read()
    {
        // As a build of before wrote them: without the fields that came with recommendations.
        Put("cluster", """
            {"ClusterId":"cafe","FoundedMs":1,"Epoch":7,"NextReplica":2,"NextMigration":5,"NextEvent":3,
             "FoundingNodes":4}
            """);
        Put("migration/0000000004", """
            {"Id":4,"Kind":1,"Shard":1,"From":1,"To":2,"FromReplica":1,"ToReplica":2,"Stage":7,"StartedMs":1,
             "StageSinceMs":1,"EndedMs":2,"ReadPercent":0,"Bytes":0,"ContentHash":0,"Reason":"r","Error":"",
             "Urgency":1,"PolicyVersion":2,"IsOver":true}
            """);
        var read = MetaState.Load(_cluster.Store);
        Assert.Equal((7, 0), (read.Cluster!.Epoch, read.Cluster.Recommendations));
        Assert.Equal((2L, null), (read.Migrations[4].PolicyVersion, read.Migrations[4].Recommendation));
        Assert.Empty(read.Recommendations);
    }

    [Fact]
    public void A_log_of_before_is_applied_as_it_was()
    {
        const string start = """
            {"AtMs":5,"Command":{"$type":"migrate","Kind":1,"Shard":1,"From":1,"To":2,"Reason":"r","Urgency":9,
             "PolicyVersion":2}}
            """;
        Assert.True(_cluster.ApplyJson(start).Ok);
        var migration = _cluster.State.Migrations[1];
        Assert.Equal((2L, null), (migration.PolicyVersion, migration.Recommendation));
        Assert.Empty(_cluster.State.Recommendations);
    }

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        Number(1);
        Put("recommendation/0000000001", """
            {"Format":2,"Id":1,"Move":{"Kind":1,"Shard":1,"From":1,"To":2},"State":1,"ProposedMs":1,"SinceMs":1}
            """);
        var refused = Assert.Throws<InvalidDataException>(() => MetaState.Load(_cluster.Store));
        Assert.Equal("recommendation 1: format 2 is not known to this build; 1 to 1 is", refused.Message);
    }

    [Fact]
    public void The_oldest_that_ended_are_forgotten_but_no_veto_that_still_holds()
    {
        Number(1);
        Assert.True(_cluster.Apply(new VetoRecommendation(1, 600)).Ok);
        for (var i = 0; i <= MetaState.EndedRecommendationsKept; i++)
        {
            Number(2);
            var id = _cluster.State.Recommendations.Keys.Last();
            Assert.True(_cluster.Apply(new VetoRecommendation(id, 1)).Ok);
            _cluster.WallMs += MinuteMs;
        }
        // One more makes the newest veto a thing of the past, too.
        Number(3);
        Assert.Equal(RecommendationState.Vetoed, _cluster.State.Recommendations[1].State);
        Assert.DoesNotContain(2L, _cluster.State.Recommendations.Keys);
        Assert.Equal(MetaState.EndedRecommendationsKept + 2, _cluster.State.Recommendations.Count);
        Assert.Equal(
            _cluster.State.Recommendations.Keys, MetaState.Load(_cluster.Store).Recommendations.Keys);
    }

    [Fact]
    public void What_operators_do_is_an_event()
    {
        Number(1, 2);
        _cluster.Apply(Approval(1));
        _cluster.Apply(new VetoRecommendation(2, 60));
        Assert.Equal(
            [
                "#1 approved: leadership of shard 1 from node 1 to node 2",
                "#2 vetoed: leadership of shard 2 from node 2 to node 3; the shard stays for 60 min",
            ],
            _cluster.State.Events.Values.Where(entry => entry.Kind == "recommendation").Select(entry => entry.Text));
    }

    private void Number(params int[] shards) =>
        Assert.True(_cluster.Apply(new NoteProposals(
            [.. shards.Select(shard => new NewProposal(Move(shard), IsDrain: false))], [])).Ok);

    /// <summary>Starts the recommendation of a shard.</summary>
    private void Begin(int shard)
    {
        var move = Move(shard);
        Assert.True(_cluster.Apply(new StartMigration(move.Kind, shard, move.From, move.To, "why", 50)
        {
            PolicyVersion = 3,
            Recommended = new RecommendedStart(
                MoveCause.ForecastOverload, "predictive", "lstm", Row(_cluster, shard, move.To).Expected,
                [new RejectedTarget(7, 0, MoveKind.ReplicaMove, RejectionReason.ShardPinned)], NeedsApproval: false),
        }).Ok);
    }

    private ProposedMove Move(int shard)
    {
        var record = _cluster.State.Shards[shard];
        return new ProposedMove(
            MoveKind.LeaderTransfer, shard, record.LeaderNode,
            record.Replicas.First(replica => replica.Node != record.LeaderNode).Node);
    }

    private ApproveRecommendation Approval(long id) =>
        new(id, _cluster.WallMs + MinuteMs, _cluster.WallMs + (60 * MinuteMs));

    private void Put(string key, string json) => _cluster.Store.Put(
        KeySpace.User, Encoding.ASCII.GetBytes(key), Encoding.UTF8.GetBytes(json), 0, 1_000_000);
}
