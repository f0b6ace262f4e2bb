using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// A load taken apart, after Prophet (Taylor and Letham, "Forecasting at scale", The American Statistician 2018): a
/// trend of straight pieces, seasons of a day and a week as Fourier sums, and what is left, which decays. Solved as
/// penalized least squares instead of by sampling. The quantiles are those of its errors, wider by the bends that the
/// trend may yet make. Events and windows are no part of it: <see cref="UsageAdjustment"/> takes them out for every
/// forecaster.
/// </summary>
public sealed class Decomposable : PointForecaster
{
    public const string MethodName = "decomposable";

    /// <summary>Seasons looked at: two weeks of days.</summary>
    private const int SeasonsMax = 14;

    /// <summary>Values looked at without a season.</summary>
    private const int SeasonlessMax = 1024;

    private const int HistoryMin = 64;

    /// <summary>Designs kept: one for each shape of series and length of history met lately.</summary>
    private const int DesignsMax = 8;

    // Swapped whole, never written to: a lost update costs a second computation of the same.
    private DecomposableDesign[] _designs = [];

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, HistoryMin);

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        var design = DesignFor(history.Length, shape);
        var window = history[^design.Count..];
        var (mean, deviation) = Moments(window);
        var scaled = window.ToArray();
        TensorPrimitives.Subtract(scaled, mean, scaled);
        TensorPrimitives.Multiply(scaled, 1 / deviation, scaled);
        var trend = DecomposableTrend.Fit(scaled, design);
        var residuals = new double[window.Length];
        var levels = new double[window.Length];
        trend.Residuals(scaled, residuals);
        var decay = ResidualDecay.Of(residuals, levels);
        var future = new double[DecomposableDesign.Reach];
        trend.Future(future);
        TensorPrimitives.Multiply(future, deviation, future);
        TensorPrimitives.Add(future, mean, future);
        return new TrendFit(history.Length, Band(residuals, levels, decay, trend, deviation), NeverNegative(history))
        {
            Anchor = FitAnchor.Of(history, shape),
            Decay = decay,
            Level = levels[^1] * deviation,
            Future = future,
        };
    }

    private protected override bool Serves(PointFit fit, ReadOnlySpan<double> history, SeriesShape shape)
        => ((TrendFit)fit).Newer(history, shape) is not null;

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
    {
        var trend = (TrendFit)fit;
        var newer = trend.Newer(history, shape) ?? 0;
        var level = trend.Level;
        for (var i = 0; i < newer; i++)
        {
            level = trend.Decay.Next(level, history[history.Length - newer + i] - trend.Future[i]);
        }

        trend.Future.AsSpan(newer, path.Length).CopyTo(path);
        trend.Decay.AddTo(path, level);
    }

    /// <summary>In-sample residuals stand for errors: at each origin the model's own value is known, and what it
    /// misses is the residual less what was left of the last ones.</summary>
    private static ErrorBand Band(
        double[] residuals, double[] levels, ResidualDecay decay, DecomposableTrend trend, double deviation)
    {
        var sample = new ErrorSample(residuals.Length, ErrorSample.OriginsMin);
        Span<double> path = stackalloc double[sample.Steps];
        for (var i = 0; i < sample.Count; i++)
        {
            path.Clear();
            decay.AddTo(path, levels[sample.Origin(i)]);
            sample.Add(residuals, sample.Origin(i), path);
        }

        return sample.ToBand().Widened(BendDeviations(trend.MeanBend, residuals.Length), deviation);
    }

    /// <summary>Deviation of a trend that goes on bending as often and as much as it did: each step bends with the
    /// same chance, by a Laplace law of the same mean size (sec. 3.1.4).</summary>
    private static double[] BendDeviations(double meanBend, int count)
    {
        var deviations = new double[ForecastLevels.StepsMax];
        var chance = DecomposableDesign.Bends / (double)count;
        var squares = 0.0;
        for (var step = 0; step < deviations.Length; step++)
        {
            squares += step / (double)count * (step / (double)count);
            deviations[step] = Math.Sqrt(2 * chance * meanBend * meanBend * squares);
        }

        return deviations;
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> window)
    {
        var mean = TensorPrimitives.Sum(window) / window.Length;
        var squares = 0.0;
        foreach (var value in window)
        {
            squares += (value - mean) * (value - mean);
        }

        var deviation = Math.Sqrt(squares / window.Length);
        return (mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>Lengths go by half seasons, so that a growing history seldom needs a new design.</summary>
    private DecomposableDesign DesignFor(int historyCount, SeriesShape shape)
    {
        var seasonal = shape.HasSeason && shape.SeasonSteps <= historyCount / 2;
        var season = seasonal ? shape.SeasonSteps : 0;
        var grain = Math.Max(seasonal ? season / 2 : 0, HistoryMin);
        var most = seasonal ? Math.Max((long)SeasonsMax * season, SeasonlessMax) : SeasonlessMax;
        var count = (int)(Math.Min(historyCount, most) / grain * grain);
        var known = _designs;
        if (Array.Find(known, d => d.Count == count && d.SeasonSteps == season) is { } design)
        {
            return design;
        }

        design = new DecomposableDesign(count, season);
        _designs = [design, .. known.AsSpan(0, Math.Min(known.Length, DesignsMax - 1))];
        return design;
    }

    private sealed record TrendFit(int HistoryCount, ErrorBand Band, bool NeverNegative)
        : PointFit(MethodName, HistoryCount, Band, NeverNegative)
    {
        public required FitAnchor Anchor { get; init; }

        public required ResidualDecay Decay { get; init; }

        /// <summary>Smoothed residual at the fit's last value.</summary>
        public required double Level { get; init; }

        /// <summary>Trend and seasons at the steps after it.</summary>
        public required double[] Future { get; init; }

        public int? Newer(ReadOnlySpan<double> history, SeriesShape shape)
            => Anchor.NewerCount(history, shape, DecomposableDesign.NewerMax);
    }
}
