namespace ShardStore.Balancer.Forecasting;

/// <summary>What <see cref="DemandForecaster"/> keeps of one series between rounds: the candidates' record, who acts,
/// and the last answer, which stands until a new sample arrives.</summary>
internal sealed class SeriesRecord(int candidates, int steps)
{
    public RollingBacktest Backtest { get; } = new(candidates, steps);

    /// <summary>Grid position of the newest sample already scored; null before the first.</summary>
    public long? Seen { get; private set; }

    public bool Warm { get; set; }

    public int Acting { get; set; } = ForecastSelector.LastValueIndex;

    public long LastRound { get; set; }

    /// <summary>Null when it has to be computed anew.</summary>
    public SeriesForecast? Answer { get; set; }

    /// <summary>Whether a history can continue the one this record is about; one that ends earlier cannot.</summary>
    public bool Continues(LoadHistory history)
        => Seen is not { } seen || (history.Count > 0 && history.LastStep >= seen);

    /// <summary>Scores the samples that came since the last round; those that have already left the history are
    /// lost, and with them only a little evidence. Positions on the grid, not objects, tell what is new: a caller may
    /// rebuild its histories each round.</summary>
    public void Observe(LoadHistory history)
    {
        if (history.Count == 0 || history.LastStep == Seen)
        {
            return;
        }

        var values = history.Values;
        var last = history.LastStep;
        var first = Math.Max(Seen + 1 ?? last, last - values.Length + 1);
        for (var position = first; position <= last; position++)
        {
            Backtest.Observe(position, values[^(int)(last - position + 1)]);
        }

        Seen = last;
        Answer = null;
    }
}
