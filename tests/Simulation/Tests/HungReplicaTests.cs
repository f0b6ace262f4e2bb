using ShardStore.Node.Replication;
using ShardStore.Raft;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>A node that answers, with one replica that hangs (cockroach #77035).</summary>
public sealed class HungReplicaTests
{
    private readonly CalmCluster _calm = new();

    [Fact]
    public void One_hung_leader_on_a_healthy_node_is_replaced_and_holds_no_lease_and_no_other_group_notices()
    {
        var hung = _calm.Leader!;
        var node = _calm.NodeOf(hung);
        var others = OtherLeaders();
        _calm.Cluster.Network.Mute.Add((node.Number, hung.Id));

        _calm.WaitUntil(() => _calm.Cluster.Nodes.Select(other => other.Core!.Host.Group(hung.Id))
            .Any(group => group is { IsReadyLeader: true } && group != hung));
        Assert.False(hung.Raft.HoldsLease(node.Core!.Host.NowMicros));
        _calm.WaitUntil(() => hung.Raft.Role != RaftRole.Leader);
        Assert.Equal(others, OtherLeaders());

        _calm.Cluster.Network.Mute.Clear();
        _calm.WaitUntil(() => _calm.IsAtRest);
    }

    private (ulong Group, ReplicaId Leader, Term Term)[] OtherLeaders() =>
    [
        .. _calm.Cluster.Nodes.SelectMany(node => node.Core!.Host.Groups)
            .Where(group => group.Id != CalmCluster.Shard && group.Raft.Role == RaftRole.Leader)
            .Select(group => (group.Id, group.Raft.Self, group.Raft.Term))
            .Order(),
    ];
}
