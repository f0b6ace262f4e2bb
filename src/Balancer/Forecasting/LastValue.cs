namespace ShardStore.Balancer.Forecasting;

/// <summary>Tomorrow is as now: the baseline that every other forecaster is measured against.</summary>
public sealed class LastValue : PointForecaster
{
    public const string MethodName = "last-value";

    public override string Name => MethodName;

    internal static string? LackOf(int historyCount, int steps)
        => TooShort(historyCount, ErrorSample.HistoryMin(0, steps));

    /// <summary>Serves other forecasters too, where they have nothing better to say.</summary>
    internal static PointFit FitOf(ReadOnlySpan<double> history)
        => new(
            MethodName, history.Length, ErrorSample.BandOf(history, default(Rule), 0), NeverNegative(history));

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => LackOf(historyCount, steps);

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape) => FitOf(history);

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => default(Rule).Trace(history, path);

    private readonly struct Rule : IPointRule
    {
        public void Trace(ReadOnlySpan<double> known, Span<double> path) => path.Fill(known[^1]);
    }
}
