using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>The controller: on the meta leader, gathers the cluster's load, forecasts it, asks the planner, and
/// starts what is due. Other nodes forecast and learn along, so that the next controller goes on with the same records
/// of who forecasts well and of what demand costs. One round at a time; the planner and the forecasters run here, off
/// the loop.</summary>
public sealed class BalancerService(
    LoadKeeper loads, DemandSeries series, ModelsInForce models, SnapshotBuilder snapshots,
    ClusterTelemetry telemetry)
{
    private const int Steps = 30;
    private const long SampleAgeMsMax = 3_000;
    private readonly CostModelFit _costs = new();
    private readonly LoadCalibration _calibration = new();
    private readonly PolicyInForce _policy = new();
    private readonly RecommendationKeeper _recommendations = new(loads);
    private ControllerRound? _latest;

    /// <summary>What applies while no policy has been set.</summary>
    public BalancingPolicy DefaultPolicy { get; set; } = BalancingPolicy.Default;

    /// <summary>The last round of this node as controller, or null.</summary>
    public ControllerRound? Latest => Volatile.Read(ref _latest);

    /// <summary>Each second on the meta leader: adds the newest samples to the history.</summary>
    public void AddSamples(MetaView view, long nowMonotonicMs, long unixMs)
    {
        loads.AddSamples(telemetry, nowMonotonicMs, unixMs, SampleAgeMsMax);
        Observe(view, nowMonotonicMs);
    }

    /// <summary>Each second on every node, since every one hears the load of all: learns what demand costs, so that the
    /// next controller need not begin anew.</summary>
    public void Observe(MetaView view, long nowMonotonicMs)
    {
        foreach (var sample in CostSamples.Of(view, telemetry))
            _costs.Add(sample);
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
            snapshots.Build(view, forecasts, _policy.Policy, _costs.Solve(), nowMonotonicMs) with
            {
                VetoedShards = RecommendationKeeper.VetoedShards(view, unixMs),
                Kept = RecommendationKeeper.Kept(view, unixMs),
            });
        var decision = Planner.Decide(snapshot, unixMs, seed: (ulong)view.Map.Epoch);
        var latest = new ControllerRound(unixMs, snapshot, decision, round)
        {
            Models = models.Report,
        };
        Volatile.Write(ref _latest, latest);
        return latest;
    }

    /// <summary>What the round calls for, as commands for the meta group: a change of the model, numbers for new rows,
    /// the rows whose time has come, and what came of those that have ended.</summary>
    public IEnumerable<MetaCommand> Due(MetaView view, ControllerRound round)
    {
        if (models.Due() is { } move)
            yield return move;
        foreach (var command in _recommendations.Due(view, round))
            yield return command;
    }

    /// <summary>Where another node is the controller: forecasts what it forecasts.</summary>
    public ForecastRound Follow(MetaView view) => Forecast(view).Round;

    /// <summary>No longer the controller: what was decided here is no longer true.</summary>
    public void StepDown()
    {
        Volatile.Write(ref _latest, null);
        _recommendations.Forget();
    }

    private (IReadOnlyList<SeriesView> Views, ForecastRound Round) Forecast(MetaView view)
    {
        _policy.Read(view, DefaultPolicy);
        var shards = view.Map.Shards.Select(shard => shard.Id).Order();
        SeriesView[] views = [.. series.Read(shards).Select(_policy.WithUsage)];
        models.Read(view);
        return (views, models.Forecast(views, Steps));
    }
}
