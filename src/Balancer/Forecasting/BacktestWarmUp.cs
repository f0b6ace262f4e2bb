namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Starts the records of series that arrive with a history (a controller that has just taken over): the candidates
/// forecast from a few origins in the past, seeing only what was known there, their fits included, and are scored on
/// what followed.
/// </summary>
internal static class BacktestWarmUp
{
    /// <summary>Origins tried per series. A method a fifth better than the last value is told from chance by so
    /// many.</summary>
    private const int Origins = 32;

    /// <summary>Origins that share a fit, from the oldest of them.</summary>
    private const int OriginsPerFit = 16;

    /// <summary>How far back they reach at most. Two days at 5 minutes: what was good last month says little.</summary>
    private const int ReachMax = 576;

    /// <summary>Samples below which there is no past to try.</summary>
    public static int HistoryMin(int steps) => (2 * steps) + Origins;

    public static void Run(
        IReadOnlyList<IDemandForecaster> members,
        IReadOnlyList<SeriesView> series,
        IReadOnlyList<SeriesRecord> records,
        int steps)
    {
        var inputs = new List<ForecastInput>(series.Count * Origins);
        foreach (var view in series)
        {
            AddInputs(view, steps, inputs);
        }

        var byMember = new IReadOnlyList<QuantileForecast>[members.Count];
        for (var member = 0; member < byMember.Length; member++)
        {
            var fitted = WithFits(members[member], inputs);
            byMember[member] = members[member].ForecastMany(fitted, steps);
            KeepNewest(fitted, series, records, member);
        }

        var raw = new QuantileForecast[members.Count];
        for (var place = 0; place < inputs.Count; place++)
        {
            for (var member = 0; member < raw.Length; member++)
            {
                raw[member] = byMember[member][place];
            }

            var known = inputs[place].History.Length;
            var truth = series[place / Origins].History.Values.Slice(known, steps);
            var previous = place % Origins == 0 ? known : inputs[place - 1].History.Length;
            var record = records[place / Origins];
            record.Backtest.Replay(record.Publish(raw), truth, known - previous);
        }
    }

    private static void AddInputs(SeriesView view, int steps, List<ForecastInput> inputs)
    {
        var samples = view.History.Samples;
        // The newest origin whose whole future is known, and the oldest that leaves half the history to learn from.
        var newest = samples.Length - steps;
        var oldest = Math.Max(newest - ReachMax, Math.Min(samples.Length / 2, newest - Origins + 1));
        for (var i = 0; i < Origins; i++)
        {
            var known = oldest + (int)((long)(newest - oldest) * i / (Origins - 1));
            var behind = samples.Length - known;
            var behindSeconds = behind * view.Shape.StepSeconds;
            var shape = view.Shape with
            {
                LastSampleTimeOfDaySeconds = TimeOfDay(view.Shape.LastSampleTimeOfDaySeconds - behindSeconds),
                LastStep = view.History.LastStep - behind,
            };
            inputs.Add(new ForecastInput(samples[..known], shape));
        }
    }

    private static ForecastInput[] WithFits(IDemandForecaster member, List<ForecastInput> inputs)
    {
        var fitted = new ForecastInput[inputs.Count];
        for (var place = 0; place < fitted.Length; place++)
        {
            var fit = place % OriginsPerFit == 0
                ? member.Fit(inputs[place].History.Span, inputs[place].Shape)
                : fitted[place - 1].Fit;
            fitted[place] = inputs[place] with { Fit = fit };
        }

        return fitted;
    }

    private static void KeepNewest(
        ForecastInput[] inputs, IReadOnlyList<SeriesView> series, IReadOnlyList<SeriesRecord> records, int member)
    {
        for (var i = 0; i < series.Count; i++)
        {
            var oldestOfLast = inputs[((i + 1) * Origins) - OriginsPerFit];
            var behind = series[i].History.Count - oldestOfLast.History.Length;
            records[i].KeepFit(member, oldestOfLast.Fit, series[i].History.LastStep - behind);
        }
    }

    private static double TimeOfDay(double seconds)
    {
        const double day = 86_400;
        return ((seconds % day) + day) % day;
    }
}
