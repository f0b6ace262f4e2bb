using ShardStore.Balancer;
using ShardStore.Node.Hosting;
using ShardStore.Node.Placement;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>Shards are moved all the time, with and without faults, and some moves are cancelled.</summary>
public sealed class MovePlan(SimulatedCluster cluster)
{
    private readonly SimulatedWorld _world = cluster.World;
    private readonly long _pauseMicrosMax = cluster.World.Chance(0.5) ? 3_000_000 : 600_000;
    private bool _over;

    public void Start() => _world.Events.After(_world.Between(500_000, 2_000_000), Move);

    public void Stop() => _over = true;

    private void Move()
    {
        if (_over)
            return;
        cluster.Node(cluster.RandomNode()).OnLoop(AskForMove);
        _world.Events.After(_world.Between(50_000, _pauseMicrosMax), Move);
    }

    private void AskForMove(NodeCore core)
    {
        var shards = core.Meta.State.Shards.Values.ToArray();
        if (shards.Length == 0)
            return;
        var active = core.Meta.State.ActiveMigrations.FirstOrDefault();
        if (active is not null && _world.Chance(0.15))
        {
            _world.Counters.Count("cancels asked");
            core.Migrations.Cancel(active.Id, _ => { });
            return;
        }
        var shard = shards[_world.Random.Next(shards.Length)];
        var from = shard.Replicas[_world.Random.Next(shard.Replicas.Length)].Node;
        var to = cluster.RandomNode();
        var kind = shard.Replicas.Any(replica => replica.Node == to) ? MoveKind.LeaderTransfer : MoveKind.ReplicaMove;
        _world.Counters.Count(kind == MoveKind.ReplicaMove ? "replica moves asked" : "leader transfers asked");
        core.Meta.Propose(new StartMigration(kind, shard.Id, from, to, "simulated", 50), _ => { });
    }
}
