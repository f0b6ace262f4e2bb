namespace ShardStore.Balancer.Evaluation;

/// <summary>A forecast that is one number a step, from nothing but the values up to an origin.</summary>
/// <param name="known">All values up to the origin, oldest first.</param>
/// <param name="task">The series.</param>
/// <param name="points">Steps 1, 2, … after the last known value.</param>
internal delegate void PointRule(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points);

/// <summary>
/// The yardsticks, as the protocol defines them. They are kept apart from the forecasters of the product: a yardstick
/// must not change when what it measures does.
/// </summary>
internal static class ReferenceRules
{
    private const int MeanCount = 12;
    private const int AlphaCount = 20;
    private const double AlphaStep = 0.05;
    private const int SettlingCount = 10;

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

    /// <summary>Simple exponential smoothing over the context; the level starts at its first value. Of twenty weights
    /// the one that would have forecast the context best, one step ahead; of equals the smallest.</summary>
    public static void Smoothing(ReadOnlySpan<double> known, ProtocolTask task, Span<double> points)
    {
        var context = known[^task.Context..];
        var (bestLoss, bestLevel) = (double.PositiveInfinity, context[^1]);
        for (var i = 1; i <= AlphaCount; i++)
        {
            var (loss, level) = Smooth(context, i * AlphaStep);
            if (loss < bestLoss)
            {
                (bestLoss, bestLevel) = (loss, level);
            }
        }

        points.Fill(bestLevel);
    }

    private static (double Loss, double Level) Smooth(ReadOnlySpan<double> context, double alpha)
    {
        var level = context[0];
        for (var i = 1; i < SettlingCount; i++)
        {
            level += alpha * (context[i] - level);
        }

        // The level's first value is a guess; errors made while it settles say nothing about the weight.
        var loss = 0.0;
        for (var i = SettlingCount; i < context.Length; i++)
        {
            var error = context[i] - level;
            loss += error * error;
            level += alpha * error;
        }

        return (loss, level);
    }
}
