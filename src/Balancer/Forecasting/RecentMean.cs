namespace ShardStore.Balancer.Forecasting;

/// <summary>The mean of the last twelve values, for all steps: less noise than the last value, and slower.</summary>
public sealed class RecentMean : PointForecaster
{
    public const string MethodName = "mean-12";

    private const int Values = 12;

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ErrorSample.HistoryMin(Values - 1, steps));

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
        => new(
            MethodName, history.Length, ErrorSample.BandOf(history, default(Rule), Values - 1), NeverNegative(history));

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => default(Rule).Trace(history, path);

    private readonly struct Rule : IPointRule
    {
        public void Trace(ReadOnlySpan<double> known, Span<double> path)
        {
            var sum = 0.0;
            foreach (var value in known[^Values..])
            {
                sum += value;
            }

            path.Fill(sum / Values);
        }
    }
}
