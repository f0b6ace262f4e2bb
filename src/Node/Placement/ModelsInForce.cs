using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Node.Placement;

/// <summary>The forecaster with the model that acts, and beside it, on the same rounds, one with the model on trial or
/// the predecessor. A model that is promoted brings its forecaster and all its records along, so that nothing is learnt
/// anew at the switch. Owned by one caller at a time.</summary>
/// <param name="founding">With the model of the node's start.</param>
/// <param name="load">Makes one with a model that the cluster was given; called again only for a new number.</param>
public sealed class ModelsInForce(
    LoadedForecaster founding, Func<ModelRecord, ReadOnlyMemory<byte>, LoadedForecaster> load) : IDisposable
{
    private const double Percent = 100;

    private readonly Dictionary<long, LoadedForecaster> _held = new() { [0] = founding };
    private ModelSet _models = ModelSet.Founding;
    private Rival? _rival;

    private DemandForecaster Acting => _held[_models.Acting.Number].Forecaster;

    /// <summary>How the one beside does.</summary>
    public ModelReport Report => new(_models, _rival?.Result, _rival?.Problem);

    /// <summary>Takes over which models there are.</summary>
    public void Read(MetaView view)
    {
        if (_models == view.Models)
            return;
        _models = view.Models;
        foreach (var model in new[] { _models.Acting, _models.Beside }.OfType<ModelRecord>())
        {
            if (!_held.ContainsKey(model.Number))
                _held[model.Number] = load(model, view.ModelBytes[model.Number]);
        }
        // The founding one stays: a cluster may go back to it.
        foreach (var gone in _held.Keys.Where(number => number != 0 && !_models.Has(number)).ToArray())
        {
            _held[gone].Dispose();
            _held.Remove(gone);
        }
        _rival = _models.Beside is { } beside ? new Rival(beside, _held[beside.Number].Forecaster) : null;
    }

    /// <summary>The round that acts.</summary>
    public ForecastRound Forecast(IReadOnlyList<SeriesView> series, int steps)
    {
        var round = Acting.Forecast(series, steps);
        _rival?.Compare(round, series, steps);
        return round;
    }

    /// <summary>What the trial calls for, if anything.</summary>
    public MoveModel? Due()
    {
        if (_rival is not { } rival || (_models.HasCandidate ? rival.Model : _models.Acting).ByHand)
            return null;
        if (rival.Problem is { } problem)
            return new MoveModel(ModelStep.Drop, rival.Model.Number, problem);
        return (rival.Trial.Result.Outcome, _models.HasCandidate) switch
        {
            (TrialOutcome.Open, _) => null,
            (TrialOutcome.Better, true) => Move(ModelStep.Promote, rival.Model, rival),
            (TrialOutcome.Better, false) => Move(ModelStep.RollBack, _models.Acting, rival),
            _ => Move(ModelStep.Drop, rival.Model, rival),
        };
    }

    public void Dispose()
    {
        foreach (var forecaster in _held.Values)
            forecaster.Dispose();
    }

    private MoveModel Move(ModelStep step, ModelRecord about, Rival rival)
    {
        var result = rival.Trial.Result;
        return new MoveModel(step, about.Number,
            $"the loss of {rival.Model} differs from that of {_models.Acting} by "
            + FormattableString.Invariant(
                $"{Percent * result.Difference:+0.0;-0.0} % ± {Percent * result.StandardError:0.0} %, ")
            + $"over {result.Blocks} blocks of {ModelTrial.BlockSteps} samples");
    }

    /// <summary>The model beside the one that acts, and what has been seen of the two.</summary>
    private sealed class Rival(ModelRecord model, DemandForecaster forecaster)
    {
        public ModelRecord Model => model;

        public ModelTrial Trial { get; } = new();

        /// <summary>Why it cannot run here; then nothing is compared.</summary>
        public string? Problem => forecaster.ModelProblem;

        public TrialResult? Result => Problem is null ? Trial.Result : null;

        public void Compare(ForecastRound acting, IReadOnlyList<SeriesView> series, int steps)
        {
            if (Problem is null)
                Trial.Observe(acting, forecaster.Forecast(series, steps));
        }
    }
}

/// <summary>A forecaster and the model in it, if one could be loaded.</summary>
public sealed record LoadedForecaster(DemandForecaster Forecaster, IDisposable? Model) : IDisposable
{
    public void Dispose() => Model?.Dispose();
}

/// <summary>Which models there are and how a trial stands.</summary>
/// <param name="Models">As the cluster has them.</param>
/// <param name="Trial">Null when nothing is compared.</param>
/// <param name="BesideProblem">Why the one beside cannot run here; null when it does.</param>
public sealed record ModelReport(ModelSet Models, TrialResult? Trial, string? BesideProblem);
