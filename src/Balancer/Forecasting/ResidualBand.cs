using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>A forecast that is one number a step, computed at any origin of a history (the index of the last known
/// value).</summary>
internal interface IPointRule
{
    /// <summary>First index that can be an origin.</summary>
    int OriginFirst { get; }

    double At(ReadOnlySpan<double> history, int origin, int step);
}

/// <summary>
/// Quantiles around a point forecast from how wrong the same rule was lately: for each step, the empirical quantile
/// of its residuals over origins in the newer half of the history. The median stays the point forecast itself.
/// </summary>
internal static class ResidualBand
{
    /// <summary>Origins below which an upper quantile would be an invention.</summary>
    public const int OriginsMin = 16;

    /// <summary>Origins looked at. More sharpen the 0.99 level a little and cost a sort of that many a step.</summary>
    private const int OriginsMax = 128;

    /// <summary>The samples <paramref name="rule"/> needs for a band of <paramref name="steps"/> steps.</summary>
    public static int HistoryMin<TRule>(TRule rule, int steps)
        where TRule : IPointRule
        => rule.OriginFirst + steps + OriginsMin;

    /// <summary>Fills steps × levels. The history has at least <see cref="HistoryMin"/> values.</summary>
    public static double[] Fill<TRule>(ReadOnlySpan<double> history, TRule rule, int steps)
        where TRule : IPointRule
    {
        var originLast = history.Length - 1 - steps;
        var originFirst = Math.Max(rule.OriginFirst, Math.Min(history.Length / 2, originLast - OriginsMin + 1));
        var stride = 1 + ((originLast - originFirst) / OriginsMax);
        var count = 1 + ((originLast - originFirst) / stride);
        var floor = TensorPrimitives.Min(history) >= 0 ? 0 : double.NegativeInfinity;
        var values = new double[steps * ForecastLevels.Count];
        Span<double> residuals = stackalloc double[count];
        for (var step = 1; step <= steps; step++)
        {
            for (var i = 0; i < count; i++)
            {
                var origin = originLast - (i * stride);
                residuals[i] = history[origin + step] - rule.At(history, origin, step);
            }

            residuals.Sort();
            var point = rule.At(history, history.Length - 1, step);
            Spread(residuals, point, floor, values.AsSpan((step - 1) * ForecastLevels.Count, ForecastLevels.Count));
        }

        return values;
    }

    /// <summary>Every level at the point: what is left to say when there is no record of errors.</summary>
    public static double[] Flat(double point, int steps)
    {
        var values = new double[steps * ForecastLevels.Count];
        Array.Fill(values, point);
        return values;
    }

    private static void Spread(ReadOnlySpan<double> residuals, double point, double floor, Span<double> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            var residual = Quantile(residuals, ForecastLevels.All[i]);
            // A rule that was always too low (growth) has a positive lower residual; the levels must not cross its
            // point, which is the median.
            var kept = i < ForecastLevels.MedianColumn ? Math.Min(residual, 0)
                : i > ForecastLevels.MedianColumn ? Math.Max(residual, 0) : 0;
            levels[i] = Math.Max(point + kept, floor);
        }
    }

    /// <summary>Linear interpolation between order statistics (R's type 7).</summary>
    private static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
