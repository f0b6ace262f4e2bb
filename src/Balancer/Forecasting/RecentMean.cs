namespace ShardStore.Balancer.Forecasting;

/// <summary>The mean of the last values, for all steps: less noise than the last value, and slower. Of a load that only
/// scatters around its level nothing better can be said than the mean of many.</summary>
public sealed class RecentMean : PointForecaster
{
    public const string MethodName = "mean-12";
    public const string LongMethodName = "mean-288";

    private readonly int _values;

    /// <summary>Of the last twelve.</summary>
    public RecentMean()
        : this(MethodName, 12)
    {
    }

    private RecentMean(string name, int values)
    {
        Name = name;
        _values = values;
    }

    /// <summary>Of the last 288, a day at 5 minutes.</summary>
    public static RecentMean Long() => new(LongMethodName, 288);

    public override string Name { get; }

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ErrorSample.HistoryMin(_values - 1, steps));

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
        => new(
            Name, history.Length, ErrorSample.BandOf(history, new Rule(_values), _values - 1), NeverNegative(history));

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => new Rule(_values).Trace(history, path);

    private readonly struct Rule(int values) : IPointRule
    {
        public void Trace(ReadOnlySpan<double> known, Span<double> path)
        {
            var sum = 0.0;
            foreach (var value in known[^values..])
            {
                sum += value;
            }

            path.Fill(sum / values);
        }
    }
}
