using System.Net;
using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin;
using ShardStore.Node.Clocks;
using ShardStore.Node.Hosting;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Tests.Commands;
using ShardStore.Storage;

namespace ShardStore.Node.Tests.Admin;

/// <summary>Four nodes and eight shards without processes: the real state machine of the meta group, real telemetry,
/// history and controller, and a clock that the test turns. Each node's <see cref="SourceOf"/> can be served.</summary>
internal sealed class TestCluster : IClock
{
    public const int Nodes = 4;
    public const int Shards = 8;
    private readonly Lock _lock = new();
    private readonly MetaStateMachine _meta = new(new DictionaryStore(), 0);
    private readonly BalancerService _balancer;
    private ulong _index;

    public TestCluster(int[]? adminPorts = null)
    {
        var snapshots = new SnapshotBuilder(Telemetry, Loads, new UnconnectedTransport(), selfNode: 1);
        _balancer = new BalancerService(
            Loads, new DemandSeries(Loads, seasonSteps: 60), ModelsOf(new DemandForecaster([])), snapshots, Telemetry);
        _meta.Changed += command =>
        {
            if (command is AppendHistory history)
                Loads.TryMerge(history.Batch, out _, history.IsImport);
        };
        Apply(new FoundCluster("cafe", Nodes, Shards, Replicas: 3));
        for (var node = 1; node <= Nodes; node++)
        {
            Apply(new ReportNode(new NodeRecord(
                node, $"n{node}", $"{node:x40}", "127.0.0.1", 7000 + node, 7100 + node,
                adminPorts?[node - 1] ?? 1, "z1", 2, Draining: false)));
        }
        Apply(new ReportLeaders([.. State.Shards.Values.Select(
            shard => new LeaderReport(shard.Id, shard.Replicas[0].Node, 3))]));
        for (var node = 1; node <= Nodes; node++)
            Hear(node);
    }

    public long MonotonicMicros { get; set; } = 100_000_000;
    public long WallMs { get; set; } = 1_790_000_000_000;
    public ClusterTelemetry Telemetry { get; } = new();
    public LoadKeeper Loads { get; } = new(60);
    public int LeaderNode { get; set; } = 1;
    public ControllerRound? Round { get; private set; }
    public MetaState State => _meta.State;

    public IKeyValueStore Store => _meta.Store;

    /// <summary>The load history in the meta group.</summary>
    public IReadOnlyList<byte[]> Batches() => [.. _meta.ReadHistory()];

    public TestSource SourceOf(int node) => new(this, node);

    public MetaResult Apply(MetaCommand command) => Apply(JsonSerializer.SerializeToUtf8Bytes(
        new MetaEnvelope(WallMs, command), MetaJson.Default.MetaEnvelope));

    /// <summary>An entry of the log as another build may have written it.</summary>
    public MetaResult ApplyJson(string envelope) => Apply(System.Text.Encoding.UTF8.GetBytes(envelope));

    private MetaResult Apply(byte[] payload)
    {
        lock (_lock)
        {
            MetaResult? result = null;
            _meta.Apply(++_index, payload, new MetaProposal(heard => result = heard));
            return result!;
        }
    }

    /// <summary>A sample of a node arrives, with the demand of the shards it leads.</summary>
    public void Hear(int node, float cpuShare = 0.25f)
    {
        var demands = State.Shards.Values.Where(shard => shard.LeaderNode == node)
            .Select(shard => new ShardStore.Node.Telemetry.ShardDemand(shard.Id, 100 * shard.Id, 10)
            {
                BytesInPerSecond = 1_000,
                BytesOutPerSecond = 20_000,
            }).ToArray();
        var used = new NodeUtilization(node, (uint)(MonotonicMicros / 1_000_000))
        {
            CpuShare = cpuShare,
            CpuAttributedShare = Math.Min(cpuShare, 0.1f),
            ReadsPerSecond = demands.Sum(demand => demand.ReadsPerSecond),
        };
        Telemetry.Accept(new UtilizationBlock(used, 0, demands), direct: true, MonotonicMicros / 1000);
    }

    /// <summary>Time passes; the given nodes are heard each second, and the controller keeps the history.</summary>
    public void Pass(int seconds, float cpuShare = 0.25f, params int[] heard)
    {
        for (var second = 0; second < seconds; second++)
        {
            MonotonicMicros += 1_000_000;
            WallMs += 1_000;
            foreach (var node in heard)
                Hear(node, cpuShare);
            Loads.AddSamples(Telemetry, MonotonicMicros / 1000, WallMs, 3_000);
        }
        Loads.TakeBatches(WallMs);
    }

    public void Decide() => Round = _balancer.Decide(ViewOf(LeaderNode), MonotonicMicros / 1000, WallMs);

    /// <summary>A round with these rows instead of what the planner would say, under that policy.</summary>
    public void Decide(BalancingPolicy policy, params Recommendation[] rows)
    {
        Decide();
        Round = Round! with
        {
            Snapshot = Round.Snapshot with { Policy = policy },
            Decision = Round.Decision with { Recommendations = [.. rows], PolicyVersion = policy.Version },
        };
    }

    /// <summary>The last round dropped these moves.</summary>
    public void Refuse(params RejectedMove[] refusals) => Round = Round! with
    {
        Decision = Round.Decision with { Refusals = [.. refusals] },
    };

    /// <summary>The last round forecast these series.</summary>
    public void Forecast(params SeriesForecast[] series) => Round = Round! with
    {
        Forecasts = Round.Forecasts with { Series = series },
    };

    /// <summary>Does what the last round calls for; gives back what the meta group said to each command.</summary>
    public IReadOnlyList<(MetaCommand Command, MetaResult Result)> Act() =>
        [.. _balancer.Due(ViewOf(LeaderNode), Round!).ToArray().Select(command => (command, Apply(command)))];

    /// <summary>Another node becomes the controller, with the same meta group and an empty memory.</summary>
    public void ChangeController() => _balancer.StepDown();

    public MetaView ViewOf(int node)
    {
        lock (_lock)
        {
            return new MetaView
            {
                IsLeader = node == LeaderNode,
                LeaderNode = LeaderNode,
                Map = _meta.Map,
                Nodes = [.. State.Nodes.Values],
                Shards = [.. State.Shards.Values],
                Migrations = [.. State.Migrations.Values],
                Events = [.. State.Events.Values],
                Policy = State.Policy,
                Policies = [.. State.Policies.Values],
                Models = State.Models,
                Recommendations = [.. State.Recommendations.Values],
                ModelBytes = State.ModelBytes,
            };
        }
    }

    /// <summary>The forecaster of a start; what is given to the cluster later is loaded as a node does.</summary>
    public static ModelsInForce ModelsOf(DemandForecaster founding) =>
        new(new LoadedForecaster(founding, null), PartOptions.LoadForecaster);

    public static NodeOptions OptionsOf(string id, string dir = "unused") => new()
    {
        Id = id,
        Dir = dir,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        PeerListen = new IPEndPoint(IPAddress.Loopback, 0),
        AdminListen = new IPEndPoint(IPAddress.Loopback, 0),
        Announce = new HostPort("127.0.0.1", 7001),
        AnnounceAdminPort = 8001,
        PeerAnnounce = new HostPort("127.0.0.1", 7101),
        Join = [],
        Shards = 4,
        Replicas = 1,
        Zone = "z1",
        CapacityCores = 1,
        MemoryMb = 64,
        ForecastStepSeconds = 60,
        ForecastSeasonSteps = 1440,
        Balancer = Node.BalancerMode.Predictive,
        ElectionMs = 1_000,
        HeartbeatMs = 100,
        CheckpointMb = 64,
        AllowRemote = false,
    };
}
