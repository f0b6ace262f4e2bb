namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Takes what profiles say of a series out of its history and puts it back into its forecasts, so that every forecaster
/// sees the load as it would be without. A window that has long been in the history is taken out of it and put back
/// once; an event that never happened is only put in; a declared factor counts as far as it came true
/// (<see cref="FactorLearning"/>). Everything kept of the series (fits, losses, coverage) is of the adjusted load.
/// </summary>
internal sealed class UsageAdjustment
{
    /// <summary>Change of a part's largest effect, as a logarithm, from which on the history is adjusted anew: that
    /// makes all fits void.</summary>
    private const double ChangeMin = 0.05;

    /// <summary>Growth since the origin, as a logarithm, beyond which numbers lose their meaning: a million.</summary>
    private const double GrowthSpanMax = 13.8;

    private const double DaySeconds = 86_400;

    private readonly double _stepSeconds;
    private readonly int _seasonSteps;
    private readonly int _daySteps;

    // Growth counts from here: an origin that moved along would change all values with every sample.
    private readonly long _origin;
    private double[] _cameTrue = [];
    private long _learnt;

    /// <param name="view">A series with a usage and at least one sample.</param>
    public UsageAdjustment(SeriesView view)
    {
        Usage = view.Usage!;
        _stepSeconds = view.Shape.StepSeconds;
        _seasonSteps = view.Shape.SeasonSteps;
        _daySteps = (int)Math.Min(LoadHistory.CapacityMax, Math.Round(DaySeconds / _stepSeconds));
        _origin = view.History.LastStep;
        Adjusted = Learn(view.History, TracesOf(view.History));
    }

    public KnownUsage Usage { get; }

    /// <summary>The history without what is known, on the same grid.</summary>
    public LoadHistory Adjusted { get; private set; }

    /// <summary>Whether it can go on with a series; else a new one begins.</summary>
    public bool Serves(SeriesView view)
        => Usage.Equals(view.Usage)
            && Math.Abs(Usage.LogGrowthPerDay * (view.History.LastStep - _origin) * _stepSeconds / DaySeconds)
            < GrowthSpanMax;

    /// <summary>Takes in new samples. True when older ones were adjusted anew because more is known of how far the
    /// declared came true.</summary>
    public bool Follow(LoadHistory history)
    {
        var known = Adjusted.LastStep;
        if (history.LastStep == known)
        {
            return false;
        }

        if (IsLearningDue(history))
        {
            var before = _cameTrue;
            var traces = TracesOf(history);
            var adjusted = Learn(history, traces);
            if (HasChanged(before, traces))
            {
                Adjusted = adjusted;
                return true;
            }

            _cameTrue = before;
        }

        var first = Math.Max(known, history.LastStep - history.Count) + 1;
        Append(history, new UsageTraces(Usage, _stepSeconds, _origin, first, (int)(history.LastStep - first + 1)));
        return false;
    }

    /// <summary>A forecast of the adjusted load as one of the load, and what its parts are; those that do nothing in
    /// any step are left out.</summary>
    public (QuantileForecast Forecast, IReadOnlyList<ForecastPart> Parts) Reapply(QuantileForecast forecast)
    {
        var first = Adjusted.LastStep + 1;
        var traces = new UsageTraces(Usage, _stepSeconds, _origin, first, forecast.Steps);
        var width = forecast.Levels.Length;
        var values = new double[forecast.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = forecast.Values[i] * Math.Exp(traces.Total(_cameTrue, i / width));
            values[i] = Math.Clamp(value, double.MinValue, double.MaxValue);
        }

        var parts = new List<ForecastPart>();
        for (var part = 0; part < Usage.Parts.Count; part++)
        {
            AddPart(parts, Usage.Parts[part].Kind, Usage.Parts[part].Name, part, traces.Row(part));
        }

        var growth = new UsageTraces(Usage, _stepSeconds, Adjusted.LastStep, first, forecast.Steps);
        AddPart(parts, UsageKind.Growth, KnownUsage.GrowthName, Usage.Parts.Count, growth.Row(Usage.Parts.Count));
        return (forecast with { Values = values }, parts);
    }

    private void AddPart(List<ForecastPart> parts, UsageKind kind, string name, int part, ReadOnlySpan<double> logs)
    {
        if (logs.ContainsAnyExcept(0))
        {
            var multipliers = new double[logs.Length];
            for (var i = 0; i < multipliers.Length; i++)
            {
                multipliers[i] = Math.Exp(_cameTrue[part] * logs[i]);
            }

            parts.Add(new ForecastPart(kind, name, _cameTrue[part], multipliers));
        }
    }

    private UsageTraces TracesOf(LoadHistory history)
        => new(Usage, _stepSeconds, _origin, history.LastStep - history.Count + 1, history.Count);

    private LoadHistory Learn(LoadHistory history, UsageTraces traces)
    {
        _cameTrue = new FactorLearning(history, traces, _seasonSteps, _daySteps).Learn();
        _learnt = history.LastStep;
        var adjusted = new LoadHistory(history.Capacity);
        AppendTo(adjusted, history, traces);
        return adjusted;
    }

    /// <summary>While something acts, and until it is known what came after it; else once a day, for growth.</summary>
    private bool IsLearningDue(LoadHistory history)
    {
        var count = Math.Min(history.Count, (int)Math.Min(int.MaxValue, history.LastStep - Adjusted.LastStep)
            + FactorLearning.NearSteps);
        var traces = new UsageTraces(Usage, _stepSeconds, _origin, history.LastStep - count + 1, count);
        for (var part = 0; part < Usage.Parts.Count; part++)
        {
            if (traces.Row(part).ContainsAnyExcept(0))
            {
                return true;
            }
        }

        return Usage.LogGrowthPerDay != 0 && history.LastStep - _learnt >= _daySteps;
    }

    private bool HasChanged(double[] before, UsageTraces traces)
    {
        for (var part = 0; part < before.Length; part++)
        {
            var largest = 0.0;
            foreach (var log in traces.Row(part))
            {
                largest = Math.Max(largest, Math.Abs(log));
            }

            if (Math.Abs(_cameTrue[part] - before[part]) * largest > ChangeMin)
            {
                return true;
            }
        }

        return false;
    }

    private void Append(LoadHistory history, UsageTraces traces) => AppendTo(Adjusted, history, traces);

    /// <summary>Adds the newest samples of a history, as many as there are traces. A filled one repeats the adjusted
    /// sample before it, but the first, which has none.</summary>
    private void AppendTo(LoadHistory adjusted, LoadHistory history, UsageTraces traces)
    {
        var values = history.Values[^traces.Count..];
        var first = history.LastStep - traces.Count + 1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = adjusted.Count > 0 && history.IsFilled(first + i)
                ? double.NaN
                : values[i] / Math.Exp(traces.Total(_cameTrue, i));
            adjusted.TryAppend(first + i, value);
        }
    }
}
