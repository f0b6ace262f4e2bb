namespace ShardStore.Balancer.Forecasting;

/// <summary>Simple exponential smoothing (SES): the level of <see cref="ExponentialLevel"/> for all steps. Between the
/// last value and a mean, as far towards either as the series asks for.</summary>
public sealed class SimpleSmoothing : PointForecaster
{
    public const string MethodName = "ses";

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ErrorSample.HistoryMin(Rule.OriginFirst, steps));

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
        => new(
            MethodName, history.Length, ErrorSample.BandOf(history, default(Rule), Rule.OriginFirst),
            NeverNegative(history));

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => default(Rule).Trace(history, path);

    internal readonly struct Rule : IPointRule
    {
        /// <summary>A dozen values before the first origin: fewer score no α at all.</summary>
        public const int OriginFirst = 12;

        public void Trace(ReadOnlySpan<double> known, Span<double> path)
            => path.Fill(ExponentialLevel.Of(ExponentialLevel.Context(known)).Level);
    }
}
