using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Simulation.Nodes;
using Xunit;

namespace ShardStore.Simulation.Tests;

public sealed class ReplicaReturnTests
{
    private const int Source = 2;
    private const int Target = 4;
    private readonly CalmCluster _calm = new();

    /// <summary>Seed 30098, once: the new replica found the log of the old one, whose end was not durable.</summary>
    [Fact]
    public void A_node_that_hears_at_once_that_a_replica_ended_and_another_begins_starts_with_an_empty_log()
    {
        var first = StartMove();
        _calm.WaitUntil(() => Replica is { Raft.AppliedIndex.Value: > 0 });
        var old = Replica!.Raft.Self;
        CutTarget(network => network.Block);
        MetaLeader.OnLoop(core => core.Migrations.Cancel(first, _ => { }));
        _calm.WaitUntil(() => MetaLeader.Core!.Meta.State.Migrations[first].Stage == MigrationStage.Failed);
        var second = StartMove();
        CutTarget(network => network.Unblock);
        _calm.WaitUntil(() => MetaLeader.Core!.Meta.State.Migrations[second].Stage == MigrationStage.Done);
        _calm.WaitUntil(() => _calm.IsAtRest);
        Assert.NotEqual(old, Replica!.Raft.Self);
    }

    private Node.Replication.ReplicaGroup? Replica =>
        _calm.Cluster.Node(Target).Core!.Host.Group(CalmCluster.Shard);

    private SimulatedNode MetaLeader => _calm.Cluster.Nodes.First(node => node.Core!.Meta.IsLeader);

    private long StartMove()
    {
        MetaResult? result = null;
        var move = new StartMigration(MoveKind.ReplicaMove, CalmCluster.Shard, Source, Target, "test", 1);
        MetaLeader.OnLoop(core => core.Meta.Propose(move, answer => result = answer));
        _calm.WaitUntil(() => result is not null);
        Assert.True(result!.Ok, result.Error);
        return result.Id;
    }

    private void CutTarget(Func<World.SimulatedNetwork, Action<int, int>> what)
    {
        foreach (var other in _calm.Cluster.Nodes.Where(other => other.Number != Target))
        {
            what(_calm.Cluster.Network)(Target, other.Number);
            what(_calm.Cluster.Network)(other.Number, Target);
        }
    }
}
