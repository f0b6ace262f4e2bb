using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Simulation;

/// <summary>The forecasts that a controller would make of a demand: the product's own forecaster, a round after every
/// step, each seeing only what came before. They do not depend on where shards lie, so all strategies and seeds that
/// share a demand share them.</summary>
internal sealed class ShardForecasts
{
    /// <summary>As far as the live controller looks. Unit: steps.</summary>
    public const int Horizon = 30;

    /// <summary>A new controller starts the records of so many series in a round; it is given some rounds for it before
    /// scoring begins, but no more than this.</summary>
    private const int RunInRoundsMax = 48;

    private const int RunInRoundsMin = 12;

    /// <summary>Fifteen days of five-minute steps, as a cluster keeps.</summary>
    private const int HistoryCapacity = 15 * 288;

    private const double DaySeconds = 86_400;

    private readonly DemandTable _demand;
    private readonly DemandForecaster _forecaster;
    private readonly LoadHistory[] _histories;
    private int _known;
    private int _now;
    private ImmutableArray<QuantileForecast> _latest = [];

    public ShardForecasts(DemandTable demand, DemandForecaster forecaster)
    {
        (_demand, _forecaster) = (demand, forecaster);
        var capacity = Math.Min(HistoryCapacity, demand.Steps);
        _histories = [.. Enumerable.Range(0, demand.Shards).Select(_ => new LoadHistory(capacity))];
    }

    /// <summary>Rounds before scoring begins.</summary>
    public static int RunInRounds(int shards, int historySteps)
    {
        var needed = (shards / DemandForecaster.WarmUpsPerRoundMax) + RunInRoundsMin;
        return Math.Min(Math.Min(needed, RunInRoundsMax), historySteps - 1);
    }

    /// <summary>A round with all steps before <paramref name="step"/> known, or none where the last one stands.
    /// </summary>
    public void Forecast(int step)
    {
        _now = step;
        if (!_latest.IsEmpty && step - _known < _forecaster.Pace.RoundEverySteps)
        {
            return;
        }

        for (; _known < step; _known++)
        {
            for (var shard = 0; shard < _histories.Length; shard++)
            {
                _histories[shard].TryAppend(_demand.FirstStep + _known, _demand.StepMean(shard, _known));
            }
        }

        var season = Math.Max(1, _demand.SeasonSteps);
        var place = (_demand.FirstStep + _known - 1) % season / (double)season;
        var shape = new SeriesShape(_demand.StepSeconds, _demand.SeasonSteps, place * DaySeconds);
        var views = new SeriesView[_histories.Length];
        for (var shard = 0; shard < views.Length; shard++)
        {
            views[shard] = new SeriesView(new SeriesId(shard + 1), _histories[shard], shape)
            {
                Usage = _demand.Known.Count > 0 ? _demand.Known[shard] : null,
            };
        }

        var round = _forecaster.Forecast(views, Horizon);
        var latest = new QuantileForecast[views.Length];
        for (var shard = 0; shard < latest.Length; shard++)
        {
            latest[shard] = round.Series[shard].Forecast;
        }

        _latest = ImmutableCollectionsMarshal.AsImmutableArray(latest);
    }

    /// <summary>The latest, as old as they are.</summary>
    /// <param name="seconds">Into the step of the last call of <see cref="Forecast"/>.</param>
    public ImmutableArray<QuantileForecast> At(double seconds)
    {
        var age = ((_now - _known) * _demand.StepSeconds) + seconds;
        return age == 0
            ? _latest
            : ImmutableArray.CreateRange(_latest, forecast => forecast with { AgeSeconds = age });
    }
}
