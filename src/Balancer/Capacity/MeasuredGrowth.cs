namespace ShardStore.Balancer.Capacity;

/// <summary>
/// How a load has grown from day to day. Of two weeks each day is held against the same of the week before, so that
/// weekends are no growth; of fewer days the slope of their means counts (least squares on the logarithm). Either is
/// shrunk towards none by its standard error, as an empirical-Bayes estimate with the slope's own square as the prior's
/// variance: a slope that chance could have made hardly counts.
/// </summary>
internal static class MeasuredGrowth
{
    public const int DaysMin = 4;

    private const int WeekDays = 7;
    private const int DaysMax = 2 * WeekDays;

    /// <summary>No past makes anyone believe in more than a tenth a day, up or down.</summary>
    private static readonly double s_logMax = Math.Log(1.1);

    /// <summary>Logarithm of the factor from one day to the next; 0 where too little is known.</summary>
    /// <param name="values">Means of steps, oldest first; the last days of them count.</param>
    /// <param name="daySteps">Steps in a day.</param>
    public static double LogPerDay(ReadOnlySpan<double> values, int daySteps)
    {
        var days = Math.Min(values.Length / daySteps, DaysMax);
        if (days < DaysMin)
            return 0;
        var logs = new double[days];
        for (var day = 0; day < days; day++)
        {
            var sum = 0.0;
            foreach (var value in values.Slice(values.Length - ((days - day) * daySteps), daySteps))
                sum += value;
            // A day without any demand grows by no factor.
            if (sum <= 0)
                return 0;
            logs[day] = Math.Log(sum);
        }
        var (slope, variance) = days == DaysMax ? OfWeeks(logs) : OfSlope(logs);
        var squares = slope * slope;
        var believed = squares + variance > 0 ? slope * squares / (squares + variance) : 0;
        return Math.Clamp(believed, -s_logMax, s_logMax);
    }

    private static (double Slope, double Variance) OfWeeks(double[] logs)
    {
        var changes = new double[WeekDays];
        for (var day = 0; day < WeekDays; day++)
            changes[day] = (logs[day + WeekDays] - logs[day]) / WeekDays;
        var mean = changes.Average();
        var squares = changes.Sum(change => (change - mean) * (change - mean));
        return (mean, squares / (WeekDays - 1) / WeekDays);
    }

    private static (double Slope, double Variance) OfSlope(double[] logs)
    {
        var (middle, mean) = ((logs.Length - 1) / 2.0, logs.Average());
        var (squares, products, errors) = (0.0, 0.0, 0.0);
        for (var day = 0; day < logs.Length; day++)
        {
            squares += (day - middle) * (day - middle);
            products += (day - middle) * (logs[day] - mean);
        }
        var slope = products / squares;
        for (var day = 0; day < logs.Length; day++)
        {
            var error = logs[day] - mean - (slope * (day - middle));
            errors += error * error;
        }
        return (slope, errors / (logs.Length - 2) / squares);
    }
}
