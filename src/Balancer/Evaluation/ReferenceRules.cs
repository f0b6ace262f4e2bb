using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>A forecast that is one number a step, from nothing but the values up to an origin.</summary>
/// <param name="known">All values up to the origin, oldest first.</param>
/// <param name="task">The series.</param>
/// <param name="points">Steps 1, 2, … after the last known value.</param>
internal delegate void PointRule(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points);

/// <summary>
/// The yardsticks, as the protocol defines them: points from the values up to an origin, chosen anew at each. A test
/// holds them against stored reference figures, for a yardstick must not change with what it measures.
/// </summary>
internal static class ReferenceRules
{
    private const int MeanCount = 12;

    public static void Naive(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points)
        => points.Fill(known[^1]);

    /// <summary>The same time one season ago, or the last value where there is no season.</summary>
    public static void SeasonalNaive(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points)
    {
        var season = known[^task.Season..];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = season[i % season.Length];
        }
    }

    /// <summary>Mean of the last values. The order of the sum is numpy's: on a load of few distinct values the mean
    /// often equals the threshold but for its last bit, which decides whether there is an alarm.</summary>
    public static void Mean(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points)
    {
        var values = known[^MeanCount..];
        var sum = values[0] + values[1] + (values[2] + values[3])
            + (values[4] + values[5] + (values[6] + values[7]));
        foreach (var value in values[8..])
        {
            sum += value;
        }

        points.Fill(sum / MeanCount);
    }

    /// <summary>Simple exponential smoothing over the context; the level starts at its first value.</summary>
    public static void Smoothing(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points)
        => points.Fill(ExponentialLevel.Of(known[^task.Context..]).Level);
}
