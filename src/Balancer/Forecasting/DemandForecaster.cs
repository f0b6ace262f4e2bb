namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Forecasts all series of a cluster, round after round: every candidate forecasts every series, the combination mixes
/// them, the rolling backtest scores all of them on what came, and the one that earned it answers. Deterministic: the
/// same rounds give the same answers. A round without new samples costs next to nothing, so it may run more often than
/// samples arrive. Owned by one caller at a time.
/// </summary>
public sealed class DemandForecaster
{
    /// <summary>Series whose record is started from their own past in one round. Each costs as much as
    /// thirty forecasts; the rest wait with the last value, so that a new controller's first rounds are
    /// short.</summary>
    public const int WarmUpsPerRoundMax = 16;

    /// <summary>Rounds after which a series that is no longer asked for is forgotten.</summary>
    public const int AbsentRoundsMax = 64;

    private readonly IDemandForecaster[] _members;
    private readonly string[] _names;
    private readonly int _baselines;
    private readonly ForecastTuning _tuning;
    private readonly ForecastSelector _selector;
    private readonly RoundClock _clock;
    private readonly Dictionary<SeriesId, SeriesRecord> _records = [];
    private long _round;

    /// <param name="models">Candidates beside the baselines, in the order in which ties go.</param>
    /// <param name="modelProblem">Why a model that should be among them is not; every forecast then says so.</param>
    /// <param name="ticks">A clock for <see cref="ForecastRound.Times"/>; null: they are 0.</param>
    public DemandForecaster(
        IReadOnlyList<IDemandForecaster> models, string? modelProblem = null, Func<long>? ticks = null)
        : this(Baselines(), models, ForecastTuning.Default, modelProblem, ticks)
    {
    }

    internal DemandForecaster(
        IReadOnlyList<IDemandForecaster> baselines, IReadOnlyList<IDemandForecaster> models, ForecastTuning tuning,
        string? modelProblem, Func<long>? ticks)
    {
        _members = [.. baselines, .. models];
        _names = [.. _members.Select(m => m.Name), Combination.MethodName];
        _baselines = baselines.Count;
        _tuning = tuning;
        _selector = new ForecastSelector(_baselines, tuning);
        _clock = new RoundClock(_members.Length, ticks);
        ModelProblem = modelProblem;
    }

    /// <summary>With every forecaster that needs no trained model, and a trained one, or, if that cannot be used
    /// (<paramref name="problem"/>), without it and the reason in every round.</summary>
    public static DemandForecaster Standard(
        IDemandForecaster? trained, string? problem = null, Func<long>? ticks = null)
    {
        var baselines = Baselines();
        var models = StatisticalForecasters.Create().Where(m => baselines.All(b => b.Name != m.Name)).ToList();
        if (trained is not null)
        {
            models.Add(trained);
        }

        return new DemandForecaster(baselines, models, ForecastTuning.Default, problem, ticks);
    }

    /// <summary>One that expects the last value to stay, with the spread that this was measured to have.</summary>
    internal static DemandForecaster OfLastValue()
        => new([new LastValue()], [], ForecastTuning.Default, modelProblem: null, ticks: null);

    /// <summary>A new one with the same candidates, whose mean acts on every series, each with the same weight.
    /// </summary>
    internal DemandForecaster WithoutGates()
        => new(_members[.._baselines], _members[_baselines..], _tuning with { IsGated = false, WeightPower = 0 },
            ModelProblem, ticks: null);

    /// <summary>Why a model that should be among the candidates is not; null when nothing is missing.</summary>
    public string? ModelProblem { get; }

    /// <summary>Names of the candidates in the order of <see cref="SeriesForecast.Losses"/>: the baselines, the
    /// models, the combination.</summary>
    public IReadOnlyList<string> CandidateNames => _names;

    /// <summary>Forecasts every series for <paramref name="steps"/> steps (1 to
    /// <see cref="ForecastLevels.StepsMax"/>). Ids are unique in a round. A change of <paramref name="steps"/>
    /// starts the records again.</summary>
    public ForecastRound Forecast(IReadOnlyList<SeriesView> series, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        _round++;
        _clock.Reset();
        var records = new SeriesRecord[series.Count];
        var views = new SeriesView[series.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = Record(series[i], steps);
            views[i] = records[i].Adjust(series[i]);
            records[i].Observe(views[i].History, series[i].History);
        }

        WarmUp(views, records, steps);
        Answer(views, records, steps);
        ForgetAbsent();
        return new ForecastRound(Array.ConvertAll(records, r => r.Answer!), ModelProblem)
        {
            BaselineCount = _baselines,
            Times = _clock.Times(_names),
        };
    }

    private static IDemandForecaster[] Baselines()
        => [new LastValue(), new SeasonalNaive(), new RecentMean(), RecentMean.Long()];

    private SeriesRecord Record(SeriesView view, int steps)
    {
        if (!_records.TryGetValue(view.Id, out var record)
            || record.Backtest.Steps != steps || !record.Continues(view))
        {
            record = new SeriesRecord(_members.Length, _baselines, steps, _tuning);
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
        var cold = new List<SeriesRecord>();
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
                cold.Add(record);
            }
        }

        BacktestWarmUp.Run(_members, views, cold, steps);
    }

    private void Answer(IReadOnlyList<SeriesView> series, SeriesRecord[] records, int steps)
    {
        var stale = Enumerable.Range(0, records.Length).Where(i => records[i].Answer is null).ToList();
        var byMember = new QuantileForecast[_members.Length][];
        for (var member = 0; member < byMember.Length; member++)
        {
            _clock.Start();
            FitRenewal.Run(_members[member], member, series, records);
            _clock.StopFit(member);
            byMember[member] = ForecastMember(member, stale, series, records, steps);
            _clock.StopForecast(member);
        }

        var raw = new QuantileForecast[_members.Length];
        for (var place = 0; place < stale.Count; place++)
        {
            for (var member = 0; member < raw.Length; member++)
            {
                raw[member] = byMember[member][place] ?? Waiting(member, byMember[0][place]);
            }

            var (view, record) = (series[stale[place]], records[stale[place]]);
            var forecasts = record.Publish(raw);
            if (record.Seen is { } position && record.Backtest.WantsForecast(position)
                && !view.History.IsFilled(position))
            {
                record.Backtest.Issue(position, forecasts);
            }

            record.Answer = Choose(view, record, forecasts);
        }
    }

    private QuantileForecast[] ForecastMember(
        int member, List<int> stale, IReadOnlyList<SeriesView> series, SeriesRecord[] records, int steps)
    {
        // Without a fit a forecast costs as much as one; only the last value, which must answer, may do without.
        var ready = stale.FindAll(i => member == ForecastSelector.LastValueIndex || records[i].HasTriedFit(member));
        var inputs = ready.ConvertAll(
            i => new ForecastInput(series[i].History.Samples, series[i].PlacedShape, records[i].FitOf(member)));
        var answers = _members[member].ForecastMany(inputs, steps);
        var forecasts = new QuantileForecast[stale.Count];
        for (int place = 0, taken = 0; place < forecasts.Length && taken < ready.Count; place++)
        {
            if (stale[place] == ready[taken])
            {
                forecasts[place] = answers[taken++];
            }
        }

        return forecasts;
    }

    private QuantileForecast Waiting(int member, QuantileForecast last)
        => last with
        {
            Method = _names[member],
            State = ForecastState.NotEnoughHistory,
            Reason = "its first fit waits for its turn",
        };

    private SeriesForecast Choose(SeriesView view, SeriesRecord record, QuantileForecast[] forecasts)
    {
        var losses = new CandidateLoss[_names.Length];
        for (var candidate = 0; candidate < losses.Length; candidate++)
        {
            losses[candidate] = record.Backtest.LossOf(candidate, _names[candidate]);
        }

        var choice = _selector.Choose(record.Backtest, record.Acting, _names.Length);
        record.Acting = choice.Candidate;
        var acting = Act(choice, forecasts);
        var (forecast, parts) = record.Adjustment?.Reapply(acting) ?? (acting, []);
        record.Trail.Add(view.History.LastStep, forecast);
        return new SeriesForecast(view.Id, forecast, losses)
        {
            Parts = parts,
            Combined = forecasts[^1],
            Members = record.Members(_names),
            Coverage = record.Backtest.CoverageOf(choice.Candidate),
            HistoryCount = view.History.Count,
            LastStep = view.History.LastStep,
            Past = record.Trail.Until(view.History.LastStep),
        };
    }

    private QuantileForecast Act(ForecastChoice choice, QuantileForecast[] forecasts)
    {
        var chosen = forecasts[choice.Candidate];
        if (choice.Candidate != ForecastSelector.LastValueIndex && chosen.State != ForecastState.Ok)
        {
            // It earned its place on other days; today it has no answer, and the others together stand in.
            var stand = forecasts[^1].State == ForecastState.Ok
                ? forecasts[^1]
                : forecasts[ForecastSelector.LastValueIndex];
            return stand with
            {
                State = stand.State == ForecastState.Ok ? ForecastState.Fallback : stand.State,
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
