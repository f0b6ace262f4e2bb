namespace ShardStore.Balancer.Forecasting;

/// <summary>What the forecast that acted said of a sample, and what came.</summary>
/// <param name="Step">Grid position of the sample.</param>
/// <param name="Low">The 0.1 quantile.</param>
/// <param name="Median">The 0.5 quantile.</param>
/// <param name="High">The 0.9 quantile.</param>
/// <param name="Came">What was measured; NaN where nothing was.</param>
public readonly record struct PastForecast(long Step, double Low, double Median, double High, double Came);

/// <summary>The forecasts that acted, as they were made <see cref="ReachMax"/> steps before their time, so that people
/// can see what they were worth. What is asked of a forecast is decided then; what it says a step before is of no
/// use.</summary>
internal sealed class ForecastTrail
{
    /// <summary>How long before its time a forecast is kept: an hour at 5 minutes.</summary>
    public const int ReachMax = 12;

    /// <summary>Samples looked back at: four hours at 5 minutes.</summary>
    public const int LengthMax = 48;

    // Forecasts wait for their time, then stay for as long as they are looked at.
    private readonly PastForecast[] _ring = new PastForecast[LengthMax + ReachMax];
    private readonly int _reach;

    public ForecastTrail(int steps)
    {
        _reach = Math.Min(ReachMax, steps);
        Array.Fill(_ring, new PastForecast(long.MinValue, 0, 0, 0, double.NaN));
    }

    /// <summary>Keeps what a forecast made after sample <paramref name="position"/> says of its last reach.</summary>
    public void Add(long position, QuantileForecast forecast)
    {
        var row = forecast.Values.AsSpan((_reach - 1) * ForecastLevels.Count, ForecastLevels.Count);
        var step = position + _reach;
        Slot(step) = new PastForecast(
            step, row[0], row[ForecastLevels.MedianColumn], row[ForecastLevels.HighColumn], double.NaN);
    }

    /// <summary>Notes what came.</summary>
    public void Observe(long position, double value)
    {
        ref var slot = ref Slot(position);
        if (slot.Step == position)
        {
            slot = slot with { Came = value };
        }
    }

    /// <summary>The newest up to sample <paramref name="position"/>, oldest first, without those of which nothing was
    /// said.</summary>
    public PastForecast[] Until(long position)
    {
        var kept = new List<PastForecast>(LengthMax);
        for (var step = position - LengthMax + 1; step <= position; step++)
        {
            if (Slot(step) is var past && past.Step == step)
            {
                kept.Add(past);
            }
        }

        return [.. kept];
    }

    // A position may be negative: the caller chooses where its grid begins.
    private ref PastForecast Slot(long step) => ref _ring[(int)(((step % _ring.Length) + _ring.Length) % _ring.Length)];
}
