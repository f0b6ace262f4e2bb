namespace ShardStore.Balancer.Forecasting;

/// <summary>What <see cref="DemandForecaster"/> keeps of one series between rounds: the candidates' record, who acts,
/// and the last answer, which stands until a new sample arrives.</summary>
internal sealed class SeriesRecord(int candidates, int steps)
{
    public RollingBacktest Backtest { get; } = new(candidates, steps);

    /// <summary>Samples already scored, as <see cref="LoadHistory.AppendedCount"/> counts them.</summary>
    public long Seen { get; set; }

    /// <summary>The history the samples came from: another one under the same id starts a new record.</summary>
    public required LoadHistory History { get; init; }

    public bool Warm { get; set; }

    public int Acting { get; set; } = ForecastSelector.LastValueIndex;

    public long LastRound { get; set; }

    public SeriesForecast? Answer { get; set; }

    /// <summary>Scores the samples that came since the last round; those that have already left the history are
    /// lost, and with them only a little evidence.</summary>
    public void ObserveNew()
    {
        var values = History.Values;
        var first = Math.Max(Seen, History.AppendedCount - values.Length);
        for (var position = first; position < History.AppendedCount; position++)
        {
            Backtest.Observe(position + 1, values[(int)(values.Length - (History.AppendedCount - position))]);
        }

        Seen = History.AppendedCount;
    }
}
