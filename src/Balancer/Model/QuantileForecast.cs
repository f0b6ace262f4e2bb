namespace ShardStore.Balancer;

/// <summary>Why a forecast looks as it does.</summary>
public enum ForecastState : byte
{
    Ok = 1,
    /// <summary>Too few samples: the values repeat the last level and must not be acted on alone.</summary>
    NotEnoughHistory = 2,
    /// <summary>The chosen model failed (missing, damaged, gave NaN); a baseline answers instead.</summary>
    Fallback = 3,
}

/// <summary>Quantiles of one series for steps 1..Steps. <paramref name="Values"/> is row-major: step after step, each
/// with one value per level; within a step they never fall.</summary>
public sealed record QuantileForecast(
    double StepSeconds, double[] Levels, double[] Values, string Method, ForecastState State, string? Reason = null)
{
    /// <summary>Time since the end of the last known sample, which the steps count from. Unit: seconds. A planner that
    /// took step 1 for the step from now on would see every breach up to a step too late.</summary>
    public double AgeSeconds { get; init; }

    /// <summary>Values of the history it was computed from.</summary>
    public int HistoryCount { get; init; }

    public int Steps => Values.Length / Levels.Length;

    /// <summary>Value at 1-based <paramref name="step"/> for a level that is one of <see cref="Levels"/>.</summary>
    public double At(int step, double level)
    {
        var column = Array.IndexOf(Levels, level);
        ArgumentOutOfRangeException.ThrowIfNegative(column, nameof(level));
        return Values[((step - 1) * Levels.Length) + column];
    }
}
