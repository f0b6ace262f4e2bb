namespace ShardStore.Balancer.Forecasting;

/// <summary>The quantile levels every forecaster of ours reports, so that forecasts can be compared and swapped.
/// The upper tail is finer than the lower one: a shard is moved for what may come at most.</summary>
public static class ForecastLevels
{
    public const int MedianColumn = 2;
    public const int HighColumn = 4;

    /// <summary>Longest horizon any forecaster is asked for. Unit: steps. The model was trained for it.</summary>
    public const int StepsMax = 30;

    private static readonly double[] Standard = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

    /// <summary>Shared by all forecasts: never written to.</summary>
    public static double[] All => Standard;

    public static int Count => Standard.Length;

    public static void CheckSteps(int steps)
    {
        if (steps is < 1 or > StepsMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"A forecast reaches 1 to {StepsMax} steps ahead.");
        }
    }
}
