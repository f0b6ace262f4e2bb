namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Starts the records of series that arrive with a history (a controller that has just taken over): the candidates
/// forecast from a few origins in the past, seeing only what was known there, and are scored on what followed.
/// </summary>
internal static class BacktestWarmUp
{
    /// <summary>Origins tried per series. A method a fifth better than the last value is told from chance by so
    /// many.</summary>
    private const int Origins = 32;

    /// <summary>How far back they reach at most. Two days at 5 minutes: what was good last month says little.</summary>
    private const int ReachMax = 576;

    /// <summary>Samples below which there is no past to try.</summary>
    public static int HistoryMin(int steps) => (2 * steps) + Origins;

    public static void Run(
        IReadOnlyList<IDemandForecaster> candidates,
        IReadOnlyList<SeriesView> series,
        IReadOnlyList<RollingBacktest> backtests,
        int steps)
    {
        var inputs = new List<ForecastInput>(series.Count * Origins);
        foreach (var view in series)
        {
            AddInputs(view, steps, inputs);
        }

        var byCandidate = candidates.Select(c => c.ForecastMany(inputs, steps)).ToArray();
        var forecasts = new QuantileForecast[candidates.Count];
        for (var place = 0; place < inputs.Count; place++)
        {
            for (var candidate = 0; candidate < forecasts.Length; candidate++)
            {
                forecasts[candidate] = byCandidate[candidate][place];
            }

            var known = inputs[place].History.Length;
            var truth = series[place / Origins].History.Values.Slice(known, steps);
            var previous = place % Origins == 0 ? known : inputs[place - 1].History.Length;
            backtests[place / Origins].Replay(forecasts, truth, known - previous);
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
            var behindSeconds = (samples.Length - known) * view.Shape.StepSeconds;
            var shape = view.Shape with
            {
                LastSampleTimeOfDaySeconds = TimeOfDay(view.Shape.LastSampleTimeOfDaySeconds - behindSeconds),
            };
            inputs.Add(new ForecastInput(samples[..known], shape));
        }
    }

    private static double TimeOfDay(double seconds)
    {
        const double day = 86_400;
        return ((seconds % day) + day) % day;
    }
}
