using ShardStore.Balancer;
using ShardStore.Balancer.Capacity;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Routing;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Ctl.Plan;

/// <summary>Reads what a capacity study needs of a running cluster, all of it from the API that everybody has.
/// </summary>
internal sealed class PlanReading
{
    private const double MicrosPerSecond = 1e6;

    private readonly AdminClient _client;
    private readonly ClusterView _cluster;
    private readonly IReadOnlyList<NodeView> _nodes;
    private readonly IReadOnlyList<ShardView> _shards;
    private RecentMinutes _cpu = null!;
    private RecentMinutes _reads = null!;
    private RecentMinutes _writes = null!;
    private RecentMinutes _micros = null!;

    private PlanReading(
        AdminClient client, ClusterView cluster, IReadOnlyList<NodeView> nodes, IReadOnlyList<ShardView> shards) =>
        (_client, _cluster, _nodes, _shards) = (client, cluster, nodes, shards);

    /// <summary>Members and placement, against which the question can be checked.</summary>
    public static async Task<PlanReading> OpenAsync(AdminClient client, CancellationToken stop) => new(
        client,
        await client.GetAsync("cluster", AdminJson.Default.ClusterView, stop),
        await client.GetAsync("nodes", AdminJson.Default.IReadOnlyListNodeView, stop),
        await client.GetAsync("shards", AdminJson.Default.IReadOnlyListShardView, stop));

    /// <exception cref="PlanException">There is no history to plan from.</exception>
    public async Task<CapacityInput> ReadAsync(int days, CancellationToken stop)
    {
        var costs = await _client.GetAsync("costs", AdminJson.Default.CostView, stop);
        var policy = await _client.GetAsync("policy", AdminJson.Default.PolicyView, stop);
        _cpu = await RecentMinutes.ReadAsync(_client, "node", "cpuShare", stop);
        _reads = await RecentMinutes.ReadAsync(_client, "shard", "readsPerSecond", stop);
        _writes = await RecentMinutes.ReadAsync(_client, "shard", "writesPerSecond", stop);
        _micros = await RecentMinutes.ReadAsync(_client, "shard", "cpuMicrosPerSecond", stop);
        var table = await HistoryAsync(stop);
        var (rows, _) = table.Rows();
        return new CapacityInput
        {
            Snapshot = Calibrated(CostsOf(costs), PolicyOf(policy.Document.GetRawText(), policy.Version)),
            History = table.Shards.Select((shard, column) => (shard, column)).ToDictionary(
                one => new ShardId(one.shard), one => rows.Select(row => row[one.column]).ToArray()),
            HistorySteps = rows.Count,
            FirstStep = table.StartUnixS / table.StepSeconds,
            StepSeconds = table.StepSeconds,
            SeasonSteps = _cluster.ForecastSeasonSteps,
            Days = days,
            Names = _nodes.ToDictionary(node => new NodeId(node.Number), node => node.Name),
        };
    }

    /// <summary>A document as it would act on this cluster. One that was not checked against it may name shards that
    /// are not there.</summary>
    public BalancingPolicy PolicyOf(string json, long version)
    {
        var policy = PolicyDocument.Parse(json);
        var map = new ShardMap(0, "", [], [.. _shards.Select(
            shard => new ShardEntry(shard.Id, shard.FirstSlot, shard.LastSlot, [], 0, 0))]);
        ProfileShards.Check(policy.Profiles, map);
        return policy with { Version = version, Profiles = ProfileShards.Resolve(policy.Profiles, map) };
    }

    /// <exception cref="PlanException">There is no such node.</exception>
    public NodeId NodeOf(string name) => _nodes.FirstOrDefault(node => node.Name == name) is { } found
        ? new NodeId(found.Number)
        : throw new PlanException(
            $"--drain '{name}': is not a node; nodes are {string.Join(", ", _nodes.Select(node => node.Name))}");

    private async Task<SeriesTable> HistoryAsync(CancellationToken stop)
    {
        try
        {
            return await new SeriesExport(_client, LoadMeasure.Ops).ReadAsync(stepSeconds: null, stop);
        }
        catch (SeriesException e)
        {
            throw new PlanException(
                $"no history yet: hardly a step of {_cluster.ForecastStepSeconds} s is known of every shard; ask again "
                + "later, or give the cluster its history with `ctl series import FILE`", e);
        }
    }

    /// <summary>The cluster of now, with what an op costs and what nodes use besides as the last hour shows it: learnt
    /// as the controller learns it, by the minute instead of the second.</summary>
    private ClusterSnapshot Calibrated(CostModel costs, BalancingPolicy policy)
    {
        var calibration = new LoadCalibration();
        foreach (var bucket in _cpu.Buckets)
        {
            calibration.Observe(SnapshotOf(costs, policy, (minutes, id) => minutes.At(id, bucket)));
        }
        return calibration.Refine(SnapshotOf(costs, policy, (minutes, id) => minutes.Mean(id)));
    }

    private ClusterSnapshot SnapshotOf(
        CostModel costs, BalancingPolicy policy, Func<RecentMinutes, int, double?> read) => new()
    {
        Nodes = [.. _nodes.Select(node => NodeOf(node, read(_cpu, node.Number) ?? 0))],
        Shards = [.. _shards.Select(shard => ShardOf(shard, read))],
        Policy = policy,
        Costs = costs,
    };

    private static NodeLoad NodeOf(NodeView node, double share) => new()
    {
        Id = new NodeId(node.Number),
        CapacityCores = node.CapacityCores,
        State = node.State switch
        {
            "down" => NodeState.Down,
            "draining" => NodeState.Draining,
            _ => NodeState.Active,
        },
        IsLeaving = node.State == "draining",
        Zone = node.Zone,
        Utilization = new ResourceFractions(share, 0, 0, 0),
        Used = new ResourceAmounts(share * node.CapacityCores, 0, 0, 0),
    };

    private ShardLoad ShardOf(ShardView shard, Func<RecentMinutes, int, double?> read)
    {
        var (reads, writes) = (read(_reads, shard.Id), read(_writes, shard.Id));
        return new ShardLoad
        {
            Id = new ShardId(shard.Id),
            Replicas = [.. shard.Replicas.Select(
                replica => new Balancer.ShardReplica(Number(replica.Node), replica.IsVoter))],
            Leader = shard.Leader is { } leader ? Number(leader) : NodeId.None,
            SizeBytes = shard.Demand?.SizeBytes ?? 0,
            Demand = new Balancer.ShardDemand(reads ?? 0, writes ?? 0, 0),
            AttributedCpuCores = read(_micros, shard.Id) / MicrosPerSecond,
        };
    }

    private NodeId Number(string name) => new(_nodes.First(node => node.Name == name).Number);

    private static CostModel CostsOf(CostView view) => new()
    {
        ReadCpuSeconds = view.ReadMicros.Value / MicrosPerSecond,
        WriteCpuSeconds = view.WriteMicros.Value / MicrosPerSecond,
        FollowerWriteCpuSeconds = view.FollowerWriteMicros.Value / MicrosPerSecond,
        IdleCores = view.IdleCores.Value,
        SampleWeight = view.Samples,
        Errors = view is
        {
            ReadMicros.Error: { } read,
            WriteMicros.Error: { } write,
            FollowerWriteMicros.Error: { } follower,
            IdleCores.Error: { } idle,
            ResidualCores: { } residual,
        }
            ? new CostErrors(
                read / MicrosPerSecond, write / MicrosPerSecond, follower / MicrosPerSecond, idle, residual)
            : null,
    };
}
