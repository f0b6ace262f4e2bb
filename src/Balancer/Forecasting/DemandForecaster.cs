namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Forecasts all series of a cluster, round after round: every candidate forecasts every series, the rolling backtest
/// scores them on what came, and the one that earned it answers. Deterministic: the same rounds give the same
/// answers. A round without new samples costs next to nothing, so it may run more often than samples arrive. Owned
/// by one caller at a time.
/// </summary>
public sealed class DemandForecaster
{
    /// <summary>Series whose record is started from their own past in one round. Each costs as much as
    /// thirty forecasts; the rest wait with the last value, so that a new controller's first rounds are
    /// short.</summary>
    public const int WarmUpsPerRoundMax = 16;

    /// <summary>Rounds after which a series that is no longer asked for is forgotten.</summary>
    public const int AbsentRoundsMax = 64;

    private readonly IDemandForecaster[] _candidates;
    private readonly Dictionary<SeriesId, SeriesRecord> _records = [];
    private long _round;

    /// <param name="models">Candidates beside the baselines, in the order in which ties go.</param>
    /// <param name="modelProblem">Why a model that should be among them is not; every forecast then says so.</param>
    public DemandForecaster(IReadOnlyList<IDemandForecaster> models, string? modelProblem = null)
    {
        _candidates = [new LastValue(), new SeasonalNaive(), .. models];
        ModelProblem = modelProblem;
    }

    /// <summary>With the model that was built with this program, or, if that cannot be used, with the baselines and
    /// the reason in every round.</summary>
    public static DemandForecaster WithShippedModel()
        => LstmForecaster.TryLoadShipped(out var lstm, out var problem)
            ? new DemandForecaster([lstm])
            : new DemandForecaster([], problem);

    /// <summary>Why a model that should be among the candidates is not; null when nothing is missing.</summary>
    public string? ModelProblem { get; }

    /// <summary>Names of the candidates in the order of <see cref="SeriesForecast.Losses"/>.</summary>
    public IReadOnlyList<string> CandidateNames => Array.ConvertAll(_candidates, c => c.Name);

    /// <summary>Forecasts every series for <paramref name="steps"/> steps (1 to
    /// <see cref="ForecastLevels.StepsMax"/>). Ids are unique in a round. A change of <paramref name="steps"/>
    /// starts the records again.</summary>
    public ForecastRound Forecast(IReadOnlyList<SeriesView> series, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        _round++;
        var records = new SeriesRecord[series.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = Record(series[i], steps);
            records[i].Observe(series[i].History);
        }

        WarmUp(series, records, steps);
        Answer(series, records, steps);
        ForgetAbsent();
        return new ForecastRound(Array.ConvertAll(records, r => r.Answer!), ModelProblem);
    }

    private SeriesRecord Record(SeriesView view, int steps)
    {
        if (!_records.TryGetValue(view.Id, out var record)
            || record.Backtest.Steps != steps || !record.Continues(view.History))
        {
            record = new SeriesRecord(_candidates.Length, steps);
            _records[view.Id] = record;
        }
        else if (record.LastRound == _round)
        {
            throw new ArgumentException(
                $"Series {view.Id.Value} is given twice in a round: ids are unique.", nameof(view));
        }

        record.LastRound = _round;
        return record;
    }

    private void WarmUp(IReadOnlyList<SeriesView> series, SeriesRecord[] records, int steps)
    {
        var views = new List<SeriesView>();
        var backtests = new List<RollingBacktest>();
        for (var i = 0; i < records.Length && views.Count < WarmUpsPerRoundMax; i++)
        {
            var record = records[i];
            if (record.Warm || series[i].History.Count < BacktestWarmUp.HistoryMin(steps))
            {
                continue;
            }

            record.Warm = true;
            // One that grew up here has a record of forecasts it really made.
            if (record.Backtest.ScoredForecasts < ForecastSelector.ScoredForecastsMin)
            {
                record.Answer = null;
                views.Add(series[i]);
                backtests.Add(record.Backtest);
            }
        }

        BacktestWarmUp.Run(_candidates, views, backtests, steps);
    }

    private void Answer(IReadOnlyList<SeriesView> series, SeriesRecord[] records, int steps)
    {
        var stale = Enumerable.Range(0, records.Length).Where(i => records[i].Answer is null).ToList();
        var inputs = stale.ConvertAll(i => new ForecastInput(series[i].History.Samples, series[i].Shape));
        var byCandidate = Array.ConvertAll(_candidates, c => c.ForecastMany(inputs, steps));
        var forecasts = new QuantileForecast[_candidates.Length];
        for (var place = 0; place < stale.Count; place++)
        {
            var record = records[stale[place]];
            for (var candidate = 0; candidate < forecasts.Length; candidate++)
            {
                forecasts[candidate] = record.Backtest.Correct(candidate, byCandidate[candidate][place]);
            }

            if (record.Seen is { } position && record.Backtest.WantsForecast(position))
            {
                record.Backtest.Issue(position, forecasts);
            }

            record.Answer = Choose(series[stale[place]].Id, record, forecasts);
        }
    }

    private SeriesForecast Choose(SeriesId id, SeriesRecord record, QuantileForecast[] forecasts)
    {
        var losses = new CandidateLoss[_candidates.Length];
        for (var candidate = 0; candidate < losses.Length; candidate++)
        {
            losses[candidate] = record.Backtest.LossOf(candidate, _candidates[candidate].Name);
        }

        var choice = ForecastSelector.Choose(losses, record.Acting);
        record.Acting = choice.Candidate;
        return new SeriesForecast(id, Act(choice, forecasts), losses);
    }

    private QuantileForecast Act(ForecastChoice choice, QuantileForecast[] forecasts)
    {
        var chosen = forecasts[choice.Candidate];
        var baseline = forecasts[ForecastSelector.LastValueIndex];
        if (choice.Candidate != ForecastSelector.LastValueIndex && chosen.State != ForecastState.Ok)
        {
            // It earned its place on other days; today it has no answer.
            return baseline with
            {
                State = baseline.State == ForecastState.Ok ? ForecastState.Fallback : baseline.State,
                Reason = $"{chosen.Method} was chosen but has no answer: {chosen.Reason}",
            };
        }

        if (chosen.State == ForecastState.NotEnoughHistory)
        {
            return chosen;
        }

        return ModelProblem is null
            ? chosen with { Reason = choice.Reason }
            : chosen with { State = ForecastState.Fallback, Reason = ModelProblem };
    }

    private void ForgetAbsent()
    {
        foreach (var (id, record) in _records)
        {
            if (_round - record.LastRound > AbsentRoundsMax)
            {
                _records.Remove(id);
            }
        }
    }
}
