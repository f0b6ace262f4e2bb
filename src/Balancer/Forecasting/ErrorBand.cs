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

    /// <summary>From errors seen: rows of <paramref name="width"/> places, a column a step, each column
    /// sorted.</summary>
    public static ErrorBand Empirical(ReadOnlySpan<double> sortedErrors, int width, int steps)
    {
        var rows = sortedErrors.Length / width;
        var offsets = new double[steps * ForecastLevels.Count];
        for (var level = 0; level < ForecastLevels.Count; level++)
        {
            // Linear interpolation between order statistics (R's type 7).
            var place = ForecastLevels.All[level] * (rows - 1);
            var below = sortedErrors.Slice((int)place * width, width);
            var above = sortedErrors.Slice(Math.Min((int)place + 1, rows - 1) * width, width);
            var share = place - (int)place;
            for (var step = 0; step < steps; step++)
            {
                // A rule that was always too low (growth) has a positive lower error.
                offsets[(step * ForecastLevels.Count) + level] =
                    OnItsSide(below[step] + (share * (above[step] - below[step])), level);
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

    /// <summary>As wide at each step as <paramref name="deviations"/> say, and at each level as many deviations as
    /// <paramref name="seen"/> is on average over all steps: errors of real loads are seldom normal, and a share of
    /// few errors a step is uncertain.</summary>
    public static ErrorBand Calibrated(ReadOnlySpan<double> deviations, ErrorBand seen)
    {
        Span<double> multiples = stackalloc double[ForecastLevels.Count];
        for (var i = 0; i < seen._offsets.Length; i++)
        {
            var deviation = deviations[i / ForecastLevels.Count];
            multiples[i % ForecastLevels.Count] += deviation > 0 ? seen._offsets[i] / deviation / seen.Steps : 0;
        }

        var offsets = new double[deviations.Length * ForecastLevels.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = multiples[i % ForecastLevels.Count] * deviations[i / ForecastLevels.Count];
        }

        return new ErrorBand(offsets);
    }

    /// <summary>In another unit, and wider by independent normal errors of these deviations.</summary>
    public ErrorBand Widened(ReadOnlySpan<double> deviations, double unit)
    {
        var offsets = new double[_offsets.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            var level = i % ForecastLevels.Count;
            var normal = s_sigmas[level] * deviations[i / ForecastLevels.Count];
            var wide = unit * Math.Sqrt((_offsets[i] * _offsets[i]) + (normal * normal));
            offsets[i] = OnItsSide(level < ForecastLevels.MedianColumn ? -wide : wide, level);
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
            TensorPrimitives.Add(
                _offsets.AsSpan(row, ForecastLevels.Count), path[step], values.AsSpan(row, ForecastLevels.Count));
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
}
