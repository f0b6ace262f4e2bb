namespace ShardStore.Balancer.Tests;

/// <summary>Clusters drawn from a seed in which every hard rule has something to forbid: zones, full disks, slow links,
/// learners, shards without a leader, nodes that are down or drained, moves under way and just ended, tight limits,
/// quiet hours.</summary>
internal sealed class RuledCluster
{
    /// <summary>Minutes of the day at <see cref="TestCluster.NowMs"/>: 22:13.</summary>
    private const int NowMinute = 1333;

    private readonly Random _random;
    private readonly int _nodes;
    private readonly int _shards;
    private readonly TestCluster _cluster;

    private RuledCluster(int seed)
    {
        _random = new Random(seed);
        _nodes = _random.Next(4, 10);
        _shards = _random.Next(_nodes, 6 * _nodes);
        _cluster = new TestCluster().AddNodes(_nodes);
    }

    public static ClusterSnapshot Draw(int seed, BalancerMode mode)
    {
        var drawn = new RuledCluster(seed);
        drawn.SetPolicy(mode);
        drawn.SetNodes();
        drawn.AddShards();
        drawn.AddMoves();
        var vetoed = drawn._random.Next(1, 3 * drawn._shards);
        return drawn._cluster.Snapshot() with { VetoedShards = vetoed > drawn._shards ? [] : [new ShardId(vetoed)] };
    }

    private bool OneIn(int chances) => _random.Next(chances) == 0;

    private NodeId AnyNode() => new(_random.Next(1, _nodes + 1));

    private T OneOf<T>(params T[] values) => values[_random.Next(values.Length)];

    private void SetPolicy(BalancerMode mode)
    {
        var quiet = OneOf(
            new QuietWindow(NowMinute - 10, NowMinute + 10), new QuietWindow(NowMinute - 60, NowMinute - 1200),
            new QuietWindow(NowMinute + 5, NowMinute + 30));
        _cluster.Policy = new BalancingPolicy
        {
            Mode = mode,
            Version = 3,
            PinnedShards = OneIn(2) ? [_random.Next(1, _shards + 1), _random.Next(1, _shards + 1)] : [],
            QuietHours = OneIn(3) ? [quiet] : [],
            Limits = new MoveLimits
            {
                ReplicaMovesMax = _random.Next(1, 6),
                ReplicaMovesPerNodeMax = _random.Next(1, 3),
                LeaderTransfersMax = OneOf(1, 2, 8),
                SettleSeconds = OneOf(0, 20, 300),
                LeaderFloor = OneOf(0.005, 0.03),
                ReplicaFloor = OneOf(0.02, 0.08),
                ConcentrationMax = OneOf(0.5, 0.8, 0.95),
            },
        };
    }

    private void SetNodes()
    {
        var zones = _random.Next(0, 4);
        for (var id = 1; id <= _nodes; id++)
        {
            var disk = 0.4 + (0.5 * _random.NextDouble());
            var cores = OneOf(1.0, 1.0, 2.0);
            var memory = OneIn(12) ? 0.9 : 0.3;
            var zone = zones == 0 ? "" : $"z{id % zones}";
            _cluster.ChangeNode(id, node => node with
            {
                Zone = zone,
                CapacityCores = cores,
                Utilization = new ResourceFractions(0, memory, disk, 0),
                Used = new ResourceAmounts(0, 0, disk * 4e11, 0),
            });
        }
        for (var i = _random.Next(3); i > 0; i--)
        {
            var state = OneOf(NodeState.Draining, NodeState.Down);
            var isLeaving = state == NodeState.Draining || OneIn(2);
            _cluster.ChangeNode(AnyNode().Value, node => node with { State = state, IsLeaving = isLeaving });
        }
    }

    private void AddShards()
    {
        var mean = (0.4 + (0.3 * _random.NextDouble())) * _nodes / _shards;
        for (var id = 1; id <= _shards; id++)
        {
            var replicas = Enumerable.Range(1, _nodes).ToArray();
            _random.Shuffle(replicas);
            var load = mean * (0.5 + _random.NextDouble()) * (replicas[0] <= 2 ? OneOf(1, 3) : 1);
            var growth = 1 + (OneIn(2) ? _random.NextDouble() : 0);
            var forecast = OneIn(10)
                ? null : TestCluster.Ramp(load, load * growth, load * OneOf(0, 0.05, 0.15));
            _cluster.AddShard(load, replicas[..3], forecast);
            Vary(id);
        }
    }

    private void Vary(int shard)
    {
        var (writes, size) = (OneOf(0, 0.3, 1.0), (long)(1e7 * Math.Exp(8 * _random.NextDouble())));
        var (hasLearner, isLeaderless) = (OneIn(8), OneIn(25));
        _cluster.ChangeShard(shard, load => load with
        {
            SizeBytes = size,
            Demand = new ShardDemand(
                load.Demand.OpsPerSecond * (1 - writes), load.Demand.OpsPerSecond * writes, load.Demand.BytesPerSecond),
            Leader = isLeaderless ? NodeId.None : load.Leader,
            Replicas = hasLearner ? load.Replicas.SetItem(2, load.Replicas[2] with { IsVoter = false }) : load.Replicas,
        });
    }

    private void AddMoves()
    {
        var shards = _cluster.Snapshot().Shards;
        for (var i = _random.Next(8); i > 0; i--)
        {
            // Towards a node that holds the shard now: the planner may be tempted to undo it.
            var shard = shards[_random.Next(shards.Length)];
            var endedMs = TestCluster.NowMs - (long)(OneOf(40e3, 400e3, 2400e3) * _random.NextDouble());
            _cluster.Recent.Add(new FinishedMove(
                shard.Id, AnyNode(), shard.Replicas[0].Node, OneOf(MoveKind.LeaderTransfer, MoveKind.ReplicaMove),
                endedMs)
            { Succeeded = !OneIn(4) });
        }
        foreach (var shard in shards.Where(_ => OneIn(12)))
            AddRunning(shard);
        for (var from = 1; from <= _nodes; from++)
        {
            for (var to = 1; to <= _nodes; to++)
            {
                if (from != to && OneIn(4))
                {
                    _cluster.Links.Add(new LinkMeasurement(
                        new NodeId(from), new NodeId(to), 100, OneOf(0, 2e4, 5e7)));
                }
            }
        }
    }

    private void AddRunning(ShardLoad shard)
    {
        var to = AnyNode();
        var holder = shard.Replicas.FirstOrDefault(replica => replica.Node == to);
        if (shard.Leader.IsNone || shard.Leader == to || (holder.Node == to && !holder.IsVoter))
            return;
        var kind = holder.Node == to ? MoveKind.LeaderTransfer : MoveKind.ReplicaMove;
        _cluster.InFlight.Add(new MoveInFlight(shard.Id, shard.Leader, to, kind, TestCluster.NowMs - 5000));
    }
}
