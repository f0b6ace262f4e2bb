using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>How far the quantiles lie from a point forecast, for each step and level. The median stays the point
/// itself; a level on either side of it never crosses it.</summary>
internal sealed class ErrorBand
{
    private static readonly double[] s_sigmas = Array.ConvertAll(ForecastLevels.All, Gauss.Sigmas);

    // Row-major, step after step. Never below 0 above the median, never above 0 below it, 0 at it.
    private readonly double[] _offsets;

    private ErrorBand(double[] offsets) => _offsets = offsets;

    /// <summary>Steps it reaches.</summary>
    public int Steps => _offsets.Length / ForecastLevels.Count;

    /// <summary>From errors seen: a sorted row of equal length for each step.</summary>
    public static ErrorBand Empirical(ReadOnlySpan<double> sortedErrors, int steps)
    {
        var count = sortedErrors.Length / steps;
        var offsets = new double[steps * ForecastLevels.Count];
        for (var step = 0; step < steps; step++)
        {
            var errors = sortedErrors.Slice(step * count, count);
            for (var level = 0; level < ForecastLevels.Count; level++)
            {
                // A rule that was always too low (growth) has a positive lower error.
                offsets[(step * ForecastLevels.Count) + level] =
                    OnItsSide(Quantile(errors, ForecastLevels.All[level]), level);
            }
        }

        return new ErrorBand(offsets);
    }

    /// <summary>From standard deviations of normal errors, one a step.</summary>
    public static ErrorBand Normal(ReadOnlySpan<double> deviations)
    {
        var offsets = new double[deviations.Length * ForecastLevels.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            var level = i % ForecastLevels.Count;
            offsets[i] = OnItsSide(s_sigmas[level] * deviations[i / ForecastLevels.Count], level);
        }

        return new ErrorBand(offsets);
    }

    /// <summary>The quantiles around a point a step, none below <paramref name="floor"/>, all finite.</summary>
    public double[] Around(ReadOnlySpan<double> path, double floor)
    {
        var values = new double[path.Length * ForecastLevels.Count];
        for (var step = 0; step < path.Length; step++)
        {
            var row = step * ForecastLevels.Count;
            for (var level = 0; level < ForecastLevels.Count; level++)
            {
                values[row + level] = path[step] + _offsets[row + level];
            }
        }

        TensorPrimitives.Clamp<double>(values, Math.Max(floor, double.MinValue), double.MaxValue, values);
        return values;
    }

    /// <summary>Every level at the point: what is left to say when there is no record of errors.</summary>
    public static double[] Flat(double point, int steps)
    {
        var values = new double[steps * ForecastLevels.Count];
        Array.Fill(values, point);
        return values;
    }

    private static double OnItsSide(double error, int level)
        => level < ForecastLevels.MedianColumn ? Math.Min(error, 0)
            : level > ForecastLevels.MedianColumn ? Math.Max(error, 0) : 0;

    /// <summary>Linear interpolation between order statistics (R's type 7).</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
