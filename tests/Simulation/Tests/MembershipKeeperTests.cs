using System.Collections.Immutable;
using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Checks;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>What a late change of members does to a group is undone (seed 95, once).</summary>
public sealed class MembershipKeeperTests
{
    private const long WaitMicrosMax = 20_000_000;
    private const int Shard = 1;
    private readonly SimulatedWorld _world = new(5);
    private readonly SimulatedCluster _cluster;

    public MembershipKeeperTests()
    {
        _cluster = new SimulatedCluster(_world, ClusterShape.Draw(_world.Random) with { Nodes = 4, Shards = 2 });
        foreach (var node in _cluster.Nodes)
            node.Start();
        WaitUntil(() => new Convergence(_cluster).Missing() is null && Leader() is not null);
    }

    [Theory]
    [InlineData(MembershipStepKind.AddLearner)]
    [InlineData(MembershipStepKind.AddVoter)]
    public void A_member_that_no_record_names_is_removed(MembershipStepKind kind)
    {
        var stranger = Enumerable.Range(1, 4).Select(node => ClusterFounding.ReplicaIdOf(1, node))
            .First(id => !Leader()!.Raft.Configuration.Voters.Contains(id));
        Change(kind, stranger);
        WaitUntil(() => Has(stranger));
        WaitUntil(() => !Has(stranger) && new Convergence(_cluster).Missing() is null);
    }

    [Fact]
    public void A_voter_on_record_that_was_removed_comes_back()
    {
        var follower = Leader()!.Raft.Configuration.Voters.First(voter => voter != Leader()!.Raft.Self);
        Change(MembershipStepKind.Remove, follower);
        WaitUntil(() => !Has(follower));
        WaitUntil(() => Has(follower) && new Convergence(_cluster).Missing() is null);
    }

    [Fact]
    public void A_member_that_this_nodes_record_cannot_know_yet_stays()
    {
        var newer = ClusterFounding.ReplicaIdOf(1_000, 4);
        Change(MembershipStepKind.AddLearner, newer);
        WaitUntil(() => Has(newer));
        _world.Events.RunUntil(_world.NowMicros + (4_000L * ClusterShape.Pace.StrayMs));
        Assert.True(Has(newer));
    }

    private ReplicaGroup? Leader() => _cluster.Nodes.Select(node => node.Core!.Host.Group(Shard))
        .FirstOrDefault(group => group is { IsReadyLeader: true });

    private bool Has(ReplicaId member) => Leader() is { } leader
        && leader.Raft.Configuration is var members
        && (members.Voters.Contains(member) || members.Learners.Contains(member));

    private void Change(MembershipStepKind kind, ReplicaId member)
    {
        var leader = Leader()!;
        ImmutableArray<MembershipStep> steps = [new MembershipStep(kind, member)];
        _cluster.Node(ReplicaHost.NodeOf(leader.Raft.Self)).OnLoop(core =>
        {
            Assert.Equal(ProposeResult.Ok, leader.Raft.ProposeMembership(new MembershipChange(steps), out _));
            core.Host.MarkDirty(leader);
        });
    }

    private void WaitUntil(Func<bool> isSo)
    {
        var deadline = _world.NowMicros + WaitMicrosMax;
        while (!isSo())
        {
            Assert.True(_world.NowMicros < deadline, $"not so after {WaitMicrosMax / 1_000_000} virtual seconds");
            _world.Events.RunUntil(_world.NowMicros + 50_000);
        }
    }
}
