using System.Collections.Immutable;

namespace ShardStore.Balancer.Tests;

/// <summary>Builds small, fully consistent snapshots: node CPU is what the cost model says its shards cost, so tests
/// state loads as fractions of a node and nothing else.</summary>
internal sealed class TestCluster
{
    public const double StepSeconds = 300;
    public const long NowMs = 1_700_000_000_000;

    /// <summary>Cores an op at the leader, with reads only: followers cost nothing, so fractions add up by leaders.
    /// </summary>
    public const double CoresPerOp = 1e-4;

    private static readonly double[] s_levels = [0.1, 0.5, 0.9];

    private readonly List<NodeLoad> _nodes = [];
    private readonly List<ShardLoad> _shards = [];

    public BalancingPolicy Policy { get; set; } = BalancingPolicy.Default;
    public List<MoveInFlight> InFlight { get; } = [];
    public List<FinishedMove> Recent { get; } = [];
    public List<LinkMeasurement> Links { get; } = [];

    public static readonly CostModel Costs = new()
    {
        ReadCpuSeconds = CoresPerOp,
        WriteCpuSeconds = CoresPerOp,
        FollowerWriteCpuSeconds = CoresPerOp / 2,
    };

    public TestCluster AddNodes(int count, double cores = 1, string zonePrefix = "")
    {
        for (var i = 0; i < count; i++)
        {
            var id = _nodes.Count + 1;
            var zone = zonePrefix.Length == 0 ? "" : zonePrefix + id;
            _nodes.Add(new NodeLoad { Id = new NodeId(id), CapacityCores = cores, Zone = zone });
        }
        return this;
    }

    public TestCluster ChangeNode(int id, Func<NodeLoad, NodeLoad> change)
    {
        _nodes[id - 1] = change(_nodes[id - 1]);
        return this;
    }

    /// <summary>A shard led by the first of <paramref name="replicas"/>, whose load takes that fraction of a core.
    /// </summary>
    public TestCluster AddShard(double cores, int[] replicas, QuantileForecast? forecast = null)
    {
        _shards.Add(new ShardLoad
        {
            Id = new ShardId(_shards.Count + 1),
            Replicas = [.. replicas.Select(node => new ShardReplica(new NodeId(node), true))],
            Leader = new NodeId(replicas[0]),
            SizeBytes = 10_000_000,
            Demand = new ShardDemand(cores / CoresPerOp, 0, cores / CoresPerOp * 100),
            Forecast = forecast,
        });
        return this;
    }

    public TestCluster ChangeShard(int id, Func<ShardLoad, ShardLoad> change)
    {
        _shards[id - 1] = change(_shards[id - 1]);
        return this;
    }

    public static QuantileForecast Flat(double cores, double sigmaCores = 0) => Curve(_ => cores, sigmaCores);

    /// <summary>From <paramref name="fromCores"/> now to <paramref name="toCores"/> after all twelve steps.</summary>
    public static QuantileForecast Ramp(double fromCores, double toCores, double sigmaCores = 0) =>
        Curve(step => fromCores + ((toCores - fromCores) * step / 12), sigmaCores);

    public static QuantileForecast Curve(Func<int, double> cores, double sigmaCores = 0, int steps = 12)
    {
        var values = new List<double>();
        for (var step = 1; step <= steps; step++)
        {
            values.Add(Math.Max(0, cores(step) - (1.2816 * sigmaCores)) / CoresPerOp);
            values.Add(cores(step) / CoresPerOp);
            values.Add((cores(step) + (1.2816 * sigmaCores)) / CoresPerOp);
        }
        return new QuantileForecast(StepSeconds, s_levels, [.. values], "test", ForecastState.Ok);
    }

    public ClusterSnapshot Snapshot() => new()
    {
        Nodes = [.. _nodes.Select(Measured)],
        Shards = [.. _shards],
        InFlight = [.. InFlight],
        RecentMoves = [.. Recent],
        Links = [.. Links],
        Policy = Policy,
        Costs = Costs,
    };

    public Decision Decide(ulong seed = 1) => Planner.Decide(Snapshot(), NowMs, seed);

    private NodeLoad Measured(NodeLoad node)
    {
        if (node.Utilization.Cpu > 0)
            return node;
        var cores = _shards.Sum(shard => CoresOf(shard, node.Id));
        var fraction = cores / node.CapacityCores;
        return node with
        {
            Used = node.Used with { CpuCores = cores },
            Utilization = node.Utilization with { Cpu = fraction },
            RecentCpu = node.RecentCpu.IsEmpty ? [.. Enumerable.Repeat(fraction, 10)] : node.RecentCpu,
        };
    }

    public static double CoresOf(ShardLoad shard, NodeId node)
    {
        if (shard.Leader == node)
            return Costs.LeaderCores(shard.Demand);
        return shard.Replicas.Any(replica => replica.Node == node) ? Costs.FollowerCores(shard.Demand) : 0;
    }
}
