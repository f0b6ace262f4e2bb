using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Checks;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>Four founded nodes without faults or clients, for tests that play one scene. Shard 1 is on nodes 1 to 3.
/// </summary>
public sealed class CalmCluster
{
    public const int Shard = 1;
    private const long WaitMicrosMax = 20_000_000;
    private readonly Convergence _convergence;

    public CalmCluster()
    {
        var shape = ClusterShape.Draw(World.Random) with { Nodes = 4, Shards = 2 };
        Cluster = new SimulatedCluster(World, shape);
        _convergence = new Convergence(Cluster);
        foreach (var node in Cluster.Nodes)
            node.Start();
        WaitUntil(() => IsAtRest && Leader is not null);
    }

    public SimulatedWorld World { get; } = new(5);

    public SimulatedCluster Cluster { get; }

    public bool IsAtRest => _convergence.Missing() is null;

    /// <summary>The shard's leader.</summary>
    public ReplicaGroup? Leader => Cluster.Nodes.Select(node => node.Core!.Host.Group(Shard))
        .FirstOrDefault(group => group is { IsReadyLeader: true });

    public SimulatedNode NodeOf(ReplicaGroup group) => Cluster.Node(ReplicaHost.NodeOf(group.Raft.Self));

    public void Run(long micros) => World.Events.RunUntil(World.NowMicros + micros);

    public void WaitUntil(Func<bool> isSo)
    {
        var deadline = World.NowMicros + WaitMicrosMax;
        while (!isSo())
        {
            Assert.True(World.NowMicros < deadline, $"not so after {WaitMicrosMax / 1_000_000} virtual seconds");
            Run(10_000);
        }
    }
}
