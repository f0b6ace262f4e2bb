namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// The theta method as simple smoothing with half the slope of a straight line (Hyndman and Billah, "Unmasking the
/// Theta method", 2003, eq. 8): level + (b/2) (h - 1 + (1 - (1 - α)^C) / α) at step h, b the least-squares slope of the
/// C newest values. It won a forecasting competition (M3) by daring half a trend.
/// </summary>
public sealed class Theta : PointForecaster
{
    public const string MethodName = "theta";

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ErrorSample.HistoryMin(SimpleSmoothing.Rule.OriginFirst, steps));

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
        => new(
            MethodName, history.Length,
            ErrorSample.BandOf(history, default(Rule), SimpleSmoothing.Rule.OriginFirst), NeverNegative(history));

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => default(Rule).Trace(history, path);

    private readonly struct Rule : IPointRule
    {
        public void Trace(ReadOnlySpan<double> known, Span<double> path)
        {
            var context = ExponentialLevel.Context(known);
            var level = ExponentialLevel.Of(context);
            var drift = Slope(context) / 2;
            var lag = (1 - Math.Pow(1 - level.Alpha, context.Length)) / level.Alpha;
            for (var step = 0; step < path.Length; step++)
            {
                path[step] = level.Level + (drift * (step + lag));
            }
        }

        private static double Slope(ReadOnlySpan<double> values)
        {
            var middle = (values.Length - 1) / 2.0;
            var (products, squares) = (0.0, 0.0);
            for (var i = 0; i < values.Length; i++)
            {
                products += (i - middle) * values[i];
                squares += (i - middle) * (i - middle);
            }

            return products / squares;
        }
    }
}
