using System.Collections.Immutable;
using ShardStore.Node.Placement;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>What a late change of members does to a group is undone.</summary>
public sealed class MembershipKeeperTests
{
    private readonly CalmCluster _calm = new();

    [Theory]
    [InlineData(MembershipStepKind.AddLearner)]
    [InlineData(MembershipStepKind.AddVoter)]
    public void A_member_that_no_record_names_is_removed(MembershipStepKind kind)
    {
        var stranger = ClusterFounding.ReplicaIdOf(1, 4);
        Change(kind, stranger);
        _calm.WaitUntil(() => Has(stranger));
        _calm.WaitUntil(() => !Has(stranger) && _calm.IsAtRest);
    }

    [Fact]
    public void A_voter_on_record_that_was_removed_comes_back()
    {
        var leader = _calm.Leader!.Raft;
        var follower = leader.Configuration.Voters.First(voter => voter != leader.Self);
        Change(MembershipStepKind.Remove, follower);
        _calm.WaitUntil(() => !Has(follower));
        _calm.WaitUntil(() => Has(follower) && _calm.IsAtRest);
    }

    [Fact]
    public void A_member_that_this_nodes_record_cannot_know_yet_stays()
    {
        var newer = ClusterFounding.ReplicaIdOf(1_000, 4);
        Change(MembershipStepKind.AddLearner, newer);
        _calm.WaitUntil(() => Has(newer));
        _calm.Run(4_000L * ClusterShape.Pace.StrayMs);
        Assert.True(Has(newer));
    }

    private bool Has(ReplicaId member) => _calm.Leader?.Raft.Configuration is { } members
        && (members.Voters.Contains(member) || members.Learners.Contains(member));

    private void Change(MembershipStepKind kind, ReplicaId member)
    {
        var leader = _calm.Leader!;
        ImmutableArray<MembershipStep> steps = [new MembershipStep(kind, member)];
        _calm.NodeOf(leader).OnLoop(core =>
        {
            Assert.Equal(ProposeResult.Ok, leader.Raft.ProposeMembership(new MembershipChange(steps), out _));
            core.Host.MarkDirty(leader);
        });
    }
}
