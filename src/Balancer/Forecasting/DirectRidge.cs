namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Direct ridge regression: one linear rule a horizon, learnt from the series itself, on its newest values, their mean
/// and the same time in the seasons before. The strongest of the simple methods on real loads: it needs no notion of a
/// model, and what it cannot explain it leaves at the last value.
/// </summary>
public sealed class DirectRidge : PointForecaster
{
    public const string MethodName = "ridge";

    /// <summary>Values learnt from: two weeks at 5 minutes. Older ones show a load that has changed since.</summary>
    private const int HistoryMax = 4032;

    /// <summary>Origins learnt from at least: about two a feature.</summary>
    private const int RowsMin = 64;

    public override string Name => MethodName;

    /// <summary>What it learns from.</summary>
    internal static ReadOnlySpan<double> WindowOf(ReadOnlySpan<double> history)
        => history[^Math.Min(HistoryMax, history.Length)..];

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(
            historyCount,
            new RidgeSignals(0).OriginFirst + ForecastLevels.StepsMax + RowsMin);

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        var window = WindowOf(history);
        var layout = LayoutOf(window.Length, shape);
        var weights = new RidgeWeights(layout, RidgeSolver.Solve(new RidgeProducts(window, layout)));
        var band = ErrorSample.BandOf(window, weights, layout.OriginFirst);
        return new RidgeFit(history.Length, band, NeverNegative(history), weights);
    }

    private protected override bool Serves(PointFit fit, ReadOnlySpan<double> history, SeriesShape shape)
        => history.Length >= ((RidgeFit)fit).Weights.HistoryMin;

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => ((RidgeFit)fit).Weights.Trace(history, path);

    /// <summary>With the season once there is one to learn from beside the one that is looked back on.</summary>
    private static RidgeSignals LayoutOf(int count, SeriesShape shape)
    {
        var seasonal = shape.SeasonSteps <= count / 2;
        var layout = new RidgeSignals(seasonal ? shape.SeasonSteps : 0);
        return (2 * layout.Back) + ForecastLevels.StepsMax + RowsMin <= count ? layout : new RidgeSignals(0);
    }

    internal sealed record RidgeFit(int HistoryCount, ErrorBand Band, bool NeverNegative, RidgeWeights Weights)
        : PointFit(MethodName, HistoryCount, Band, NeverNegative);
}
