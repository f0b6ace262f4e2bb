using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// What the direct regression looks at, besides the newest values: the mean of a window, and for a series with a
/// season the same time one season before and its mean over the last seasons. For the values of a season at a step to
/// come are known now.
/// </summary>
/// <param name="seasonSteps">0: no season.</param>
internal readonly struct RidgeSignals(int seasonSteps)
{
    /// <summary>Newest values that are features.</summary>
    public const int Lags = 32;

    private const int WindowMax = 288;

    /// <summary>Seasons in the mean: a week of days.</summary>
    private const int SeasonsMax = 7;

    /// <summary>Signals from seasons before.</summary>
    public int SeasonSignals => Back == 0 ? 0 : 2;

    /// <summary>Whole seasons that reach back over the longest horizon. Unit: steps. 0 without a season.</summary>
    public int Back { get; } = seasonSteps <= 1 ? 0
        : (ForecastLevels.StepsMax + seasonSteps - 1) / seasonSteps * seasonSteps;

    /// <summary>First index of a history at which every feature is known.</summary>
    public int OriginFirst => Math.Max(Lags - 1, Back);

    /// <summary>The mean of the newest values that a window holds.</summary>
    public static double WindowMean(ReadOnlySpan<double> values)
    {
        var window = values[^Math.Min(WindowMax, values.Length)..];
        return TensorPrimitives.Sum(window) / window.Length;
    }

    /// <summary>The window's mean at every index.</summary>
    public static double[] WindowMeans(ReadOnlySpan<double> values)
    {
        var means = new double[values.Length];
        var sum = 0.0;
        for (var i = 0; i < means.Length; i++)
        {
            sum += values[i] - (i >= WindowMax ? values[i - WindowMax] : 0);
            means[i] = sum / Math.Min(i + 1, WindowMax);
        }

        return means;
    }

    /// <summary>A season's signal, 0 or 1, at an index that may lie a horizon beyond the last value.</summary>
    public double Season(ReadOnlySpan<double> values, int index, int signal)
    {
        if (signal == 0)
        {
            return values[index - Back];
        }

        var sum = 0.0;
        var seasons = Math.Min(SeasonsMax, index / Back);
        for (var back = 1; back <= seasons; back++)
        {
            sum += values[index - (back * Back)];
        }

        return sum / seasons;
    }

    /// <summary>A season's signal at every index from <see cref="Back"/> to a horizon beyond the last value.</summary>
    public double[] Seasons(ReadOnlySpan<double> values, int signal)
    {
        var seasons = new double[values.Length + ForecastLevels.StepsMax];
        for (var i = Back; i < seasons.Length; i++)
        {
            seasons[i] = Season(values, i, signal);
        }

        return seasons;
    }
}
