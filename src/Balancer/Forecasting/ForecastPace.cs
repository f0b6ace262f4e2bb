namespace ShardStore.Balancer.Forecasting;

/// <summary>How much of what is dear a round of forecasts may do.</summary>
public sealed record ForecastPace
{
    /// <summary>Of a controller, whose rounds stay short whatever comes at once.</summary>
    public static readonly ForecastPace Live = new();

    private const int DaySteps = 288;
    private const int QuarterHourSteps = 3;

    /// <summary>Series that a controller's fits keep up with, a sample a round.</summary>
    private const int LiveSeriesMax = FitRenewal.PerRoundMax * FitRenewal.EverySamples;

    /// <summary>Series whose record is started from their own past in one round.</summary>
    public int WarmUpsPerRound { get; init; } = DemandForecaster.WarmUpsPerRoundMax;

    /// <summary>Fits of one candidate in one round.</summary>
    public int FitsPerRound { get; init; } = FitRenewal.PerRoundMax;

    /// <summary>Samples that one fit serves.</summary>
    public int FitEverySamples { get; init; } = FitRenewal.EverySamples;

    /// <summary>Steps from one round of a simulation to the next; between them forecasts grow older.</summary>
    public int RoundEverySteps { get; init; } = 1;

    /// <summary>For a simulation, where no round has to be short: a controller's, and for more series than that keeps
    /// up with, records of all of them at once, fits that serve a day, and a round each quarter of an hour: rounds are
    /// most of what such a simulation costs.</summary>
    public static ForecastPace ForSimulated(int series) => series <= LiveSeriesMax ? Live : new ForecastPace
    {
        WarmUpsPerRound = series,
        FitsPerRound = (series + DaySteps - 1) / DaySteps,
        FitEverySamples = DaySteps,
        RoundEverySteps = QuarterHourSteps,
    };
}
