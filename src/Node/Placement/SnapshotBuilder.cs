using System.Collections.Immutable;
using ShardStore.Balancer;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Placement;

/// <summary>Puts together what one planning round may know, in the balancer's own words.</summary>
public sealed class SnapshotBuilder(
    ClusterTelemetry telemetry, LoadKeeper loads, IPeerTransport transport, int selfNode)
{
    /// <summary>A node unheard of for that long counts as down. Unit: ms.</summary>
    public const long DownAfterMs = 10_000;

    /// <summary>A shard's demand is the mean of as many seconds as a node's CPU is the median of.</summary>
    private const int SmoothedOver = CpuSmoothing.Over;

    /// <summary>Forecasts are held against the demand of so small a part of their step: it is to be fresh, and no mere
    /// moment.</summary>
    private const int LatelyParts = 10;
    private const int LatelySecondsMax = 60;

    /// <summary>Nodes and shards as one second measured them, nothing smoothed: what calibration learns from.
    /// </summary>
    public ClusterSnapshot OfSecond(MetaView view, CostModel costs, long nowMonotonicMs) => new()
    {
        Nodes = [.. view.Nodes.Select(node => MeasuredOf(node, nowMonotonicMs))],
        Shards = [.. view.Map.Shards.Select(ShardOf)],
        Costs = costs,
    };

    public ClusterSnapshot Build(
        MetaView view, IReadOnlyDictionary<int, QuantileForecast> forecasts, BalancingPolicy policy, CostModel costs,
        long nowMonotonicMs)
    {
        return new ClusterSnapshot
        {
            Nodes = [.. view.Nodes.Select(node => NodeOf(node, nowMonotonicMs))],
            Shards = [.. view.Map.Shards.Select(shard => SmoothedOf(shard, forecasts.GetValueOrDefault(shard.Id)))],
            InFlight = [.. view.Active.Select(move => new MoveInFlight(
                new ShardId(move.Shard), new NodeId(move.From), new NodeId(move.To), move.Kind, move.StartedMs))],
            RecentMoves = [.. view.Migrations.Where(move => move.IsOver).Select(move => new FinishedMove(
                new ShardId(move.Shard), new NodeId(move.From), new NodeId(move.To), move.Kind, move.EndedMs)
            {
                Succeeded = move.Stage == MigrationStage.Done,
            })],
            Links = Links(view),
            Policy = policy,
            Costs = costs,
        };
    }

    private NodeLoad NodeOf(NodeRecord node, long nowMs)
    {
        var measured = MeasuredOf(node, nowMs);
        var recent = RecentCpu(node.Number);
        if (recent.IsEmpty)
            return measured;
        return measured with
        {
            Utilization = measured.Utilization with { Cpu = recent[^1] },
            Used = measured.Used with { CpuCores = recent[^1] * node.CapacityCores },
            RecentCpu = recent,
        };
    }

    private NodeLoad MeasuredOf(NodeRecord node, long nowMs)
    {
        var known = telemetry.Node(node.Number);
        var down = known is null || known.AgeMs(nowMs) > DownAfterMs;
        var used = known?.Utilization ?? default;
        return new NodeLoad
        {
            Id = new NodeId(node.Number),
            CapacityCores = node.CapacityCores,
            State = down ? NodeState.Down : node.Draining ? NodeState.Draining : NodeState.Active,
            IsLeaving = node.Draining,
            Zone = node.Zone,
            Utilization = new ResourceFractions(used.CpuShare, Math.Min(1, used.MemoryShare), 0, 0),
            Used = new ResourceAmounts(
                used.CpuShare * node.CapacityCores, used.MemoryBytes, used.StoredBytes,
                used.NetworkInBytesPerSecond + used.NetworkOutBytesPerSecond),
        };
    }

    private ImmutableArray<double> RecentCpu(int node)
    {
        var key = new SeriesKey(SeriesKind.Node, node, LoadMetric.CpuShare);
        var seconds = loads.Series(key, 1, CpuSmoothing.Seconds).Values.Where(float.IsFinite);
        return CpuSmoothing.Medians([.. seconds.Select(second => (double)second)]);
    }

    private ShardLoad SmoothedOf(Routing.ShardEntry shard, QuantileForecast? forecast)
    {
        var measured = ShardOf(shard);
        var (reads, writes) = (
            Mean(shard.Id, LoadMetric.ReadsPerSecond, SmoothedOver),
            Mean(shard.Id, LoadMetric.WritesPerSecond, SmoothedOver));
        var lately = Math.Clamp(loads.StepSeconds / LatelyParts, SmoothedOver, LatelySecondsMax);
        return measured with
        {
            Demand = measured.Demand with
            {
                ReadsPerSecond = reads ?? measured.Demand.ReadsPerSecond,
                WritesPerSecond = writes ?? measured.Demand.WritesPerSecond,
            },
            LatelyOpsPerSecond = Mean(shard.Id, LoadMetric.ReadsPerSecond, lately)
                + Mean(shard.Id, LoadMetric.WritesPerSecond, lately),
            Forecast = forecast,
        };
    }

    /// <summary>Over the last seconds; null where none is known.</summary>
    private double? Mean(int shard, LoadMetric metric, int seconds)
    {
        var values = loads.Series(new SeriesKey(SeriesKind.Shard, shard, metric), 1, seconds).Values
            .Where(float.IsFinite).ToArray();
        return values.Length > 0 ? values.Average() : null;
    }

    private ShardLoad ShardOf(Routing.ShardEntry shard)
    {
        var known = telemetry.Demand(shard.Id)?.Demand ?? default;
        return new ShardLoad
        {
            Id = new ShardId(shard.Id),
            Replicas = [.. shard.Replicas.Select(replica =>
                new Balancer.ShardReplica(new NodeId(replica.Node), replica.IsVoter))],
            Leader = new NodeId(shard.LeaderNode),
            SizeBytes = known.SizeBytes,
            Demand = new Balancer.ShardDemand(
                known.ReadsPerSecond, known.WritesPerSecond, known.BytesInPerSecond + known.BytesOutPerSecond),
            AttributedCpuCores = known.ShardId == 0 ? null : known.CpuMicrosPerSecond / 1e6,
        };
    }

    private ImmutableArray<LinkMeasurement> Links(MetaView view)
    {
        // Only this node's own connections are measured; the planner assumes the rest to be like them.
        var links = ImmutableArray.CreateBuilder<LinkMeasurement>();
        foreach (var node in view.Nodes)
        {
            if (node.Number != selfNode && transport.Link(node.Number) is { Connected: true } link)
            {
                links.Add(new LinkMeasurement(
                    new NodeId(selfNode), new NodeId(node.Number), link.RttMicros, link.BandwidthBytesPerSecond));
            }
        }
        return links.ToImmutable();
    }
}
