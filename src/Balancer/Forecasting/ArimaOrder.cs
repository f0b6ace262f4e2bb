namespace ShardStore.Balancer.Forecasting;

/// <summary>How many terms an ARIMA model has: of past values, of differences taken, of past errors, and the season of
/// a seasonal difference (0: none is taken).</summary>
internal readonly record struct ArimaOrder(int Values, int Differences, int Errors, int SeasonSteps)
{
    public const int ValuesMax = 5;
    public const int ErrorsMax = 2;

    /// <summary>A mean is estimated only of a load that is not differenced: a drift, which a differenced one would
    /// have, is the first thing to be wrong about.</summary>
    public bool HasMean => Differences == 0 && SeasonSteps == 0;

    /// <summary>Values at the start that the differences consume.</summary>
    public int Lead => Differences + SeasonSteps;

    /// <summary>Numbers estimated, the variance among them.</summary>
    public int Parameters => Values + Errors + (HasMean ? 2 : 1);

    /// <summary>The differenced history: (1 - B)^d (1 - B^s) y.</summary>
    public double[] Difference(ReadOnlySpan<double> history)
    {
        var values = history.ToArray();
        var count = values.Length;
        if (SeasonSteps > 0)
        {
            for (var i = count - 1; i >= SeasonSteps; i--)
            {
                values[i] -= values[i - SeasonSteps];
            }
        }

        for (var difference = 1; difference <= Differences; difference++)
        {
            for (var i = count - 1; i >= SeasonSteps + difference; i--)
            {
                values[i] -= values[i - 1];
            }
        }

        return values[Lead..];
    }
}
