using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>The controller: on the meta leader, gathers the cluster's load, forecasts it, asks the planner, and
/// starts what is due. Other nodes forecast along on the replicated history, so that the next controller goes on with
/// the same records of who forecasts well. One round at a time; the planner and the forecasters run here, off the
/// loop.</summary>
public sealed class BalancerService(
    LoadKeeper loads, DemandSeries series, ModelsInForce models, SnapshotBuilder snapshots,
    ClusterTelemetry telemetry)
{
    private const int Steps = 30;
    private const long SampleAgeMsMax = 3_000;
    private readonly CostModelFit _costs = new();
    private readonly LoadCalibration _calibration = new();
    private readonly PolicyInForce _policy = new();
    private ControllerRound? _latest;

    /// <summary>What applies while no policy has been set.</summary>
    public BalancingPolicy DefaultPolicy { get; set; } = BalancingPolicy.Default;

    /// <summary>The last round of this node as controller, or null.</summary>
    public ControllerRound? Latest => Volatile.Read(ref _latest);

    /// <summary>Each second on the meta leader: adds the newest samples to the history.</summary>
    public void AddSamples(MetaView view, long nowMonotonicMs, long unixMs)
    {
        loads.AddSamples(telemetry, nowMonotonicMs, unixMs, SampleAgeMsMax);
        foreach (var node in view.Nodes)
            AddCosts(view, node);
        _calibration.Observe(snapshots.OfSecond(view, _costs.Solve(), nowMonotonicMs));
    }

    /// <summary>Forecasts and decides anew.</summary>
    public ControllerRound Decide(MetaView view, long nowMonotonicMs, long unixMs)
    {
        var (views, round) = Forecast(view);
        var forecasts = views.Zip(round.Series).ToDictionary(
            pair => (int)pair.Second.Id.Value,
            pair => pair.Second.Forecast with { AgeSeconds = series.AgeSeconds(pair.First, unixMs) });
        var snapshot = _calibration.Refine(
            snapshots.Build(view, forecasts, _policy.Policy, _costs.Solve(), nowMonotonicMs));
        var decision = Planner.Decide(snapshot, unixMs, seed: (ulong)view.Map.Epoch);
        var latest = new ControllerRound(unixMs, snapshot, decision, round)
        {
            Models = models.Report,
        };
        Volatile.Write(ref _latest, latest);
        return latest;
    }

    /// <summary>What the round calls for, as commands for the meta group: a change of the model, and the rows whose
    /// time has come.</summary>
    public IEnumerable<MetaCommand> Due(ControllerRound round)
    {
        if (models.Due() is { } move)
            yield return move;
        foreach (var row in round.Decision.Recommendations)
        {
            if (row.ExecuteAtMs <= round.AtMs && row.ExpiresMs > round.AtMs)
            {
                yield return new StartMigration(
                    row.Kind, row.Shard.Value, row.From.Value, row.To.Value, row.Explanation, row.Urgency.Score);
            }
        }
    }

    /// <summary>Where another node is the controller: forecasts what it forecasts.</summary>
    public ForecastRound Follow(MetaView view) => Forecast(view).Round;

    /// <summary>No longer the controller: what was decided here is no longer true.</summary>
    public void StepDown() => Volatile.Write(ref _latest, null);

    private (IReadOnlyList<SeriesView> Views, ForecastRound Round) Forecast(MetaView view)
    {
        _policy.Read(view, DefaultPolicy);
        var shards = view.Map.Shards.Select(shard => shard.Id).Order();
        SeriesView[] views = [.. series.Read(shards).Select(_policy.WithUsage)];
        models.Read(view);
        return (views, models.Forecast(views, Steps));
    }

    private void AddCosts(MetaView view, NodeRecord node)
    {
        if (telemetry.Node(node.Number) is not { } known)
            return;
        double reads = 0, leaderWrites = 0, followerWrites = 0;
        foreach (var shard in view.Map.Shards)
        {
            if (telemetry.Demand(shard.Id)?.Demand is not { } demand)
                continue;
            if (shard.LeaderNode == node.Number)
            {
                reads += demand.ReadsPerSecond;
                leaderWrites += demand.WritesPerSecond;
            }
            else if (shard.Replicas.Any(replica => replica.Node == node.Number))
            {
                followerWrites += demand.WritesPerSecond;
            }
        }
        _costs.Add(new CostSample(
            reads, leaderWrites, followerWrites, known.Utilization.CpuShare * node.CapacityCores));
    }
}
