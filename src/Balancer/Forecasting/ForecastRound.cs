namespace ShardStore.Balancer.Forecasting;

/// <summary>How a candidate did on one series lately.</summary>
/// <param name="Name">The candidate's <see cref="IDemandForecaster.Name"/>.</param>
/// <param name="RelativeError">Its mean absolute error divided by that of the last value: below 1 is better than
/// repeating the last value. NaN while nothing could be compared.</param>
/// <param name="RelativePinball">The same for the mean pinball loss at 0.9.</param>
/// <param name="ScoredForecasts">Forecasts scored to their last step, before decay.</param>
public readonly record struct CandidateLoss(
    string Name, double RelativeError, double RelativePinball, long ScoredForecasts);

/// <summary>How often one quantile level covered what came, lately.</summary>
/// <param name="Level">The level, which is the share it should cover.</param>
/// <param name="Share">Share of samples at or below the quantile that was forecast for them; NaN before any
/// comparison.</param>
/// <param name="Compared">Comparisons behind it, older ones faded.</param>
public readonly record struct LevelCoverage(double Level, double Share, double Compared);

/// <summary>What a member of the combination weighs over the short, the middle and the long steps.</summary>
public readonly record struct MemberWeight(string Name, double Short, double Middle, double Long);

/// <summary>Time a candidate took in one round, in the ticks of the caller's clock.</summary>
public readonly record struct CandidateTime(string Name, long ForecastTicks, long FitTicks);

/// <summary>The forecast that acts for a series, and what it was chosen from.</summary>
/// <param name="Id">As the caller named the series.</param>
/// <param name="Forecast">The answer; its method says who acts, its reason why.</param>
/// <param name="Losses">The record of every candidate, the baselines first; of the load without known usage.</param>
public sealed record SeriesForecast(SeriesId Id, QuantileForecast Forecast, IReadOnlyList<CandidateLoss> Losses)
{
    /// <summary>Weights of the combination's members, whether or not it acts; those without weight left out.</summary>
    public IReadOnlyList<MemberWeight> Members { get; init; } = [];

    /// <summary>Coverage of each level of the method that acts.</summary>
    public IReadOnlyList<LevelCoverage> Coverage { get; init; } = [];

    /// <summary>What known usage contributes to the forecast; empty where none is known or none acts.</summary>
    public IReadOnlyList<ForecastPart> Parts { get; init; } = [];

    /// <summary>What all methods say together, whether or not that acts; of the load without known usage.</summary>
    internal QuantileForecast? Combined { get; init; }

    /// <summary>Samples that were known.</summary>
    public int HistoryCount { get; init; }

    /// <summary>Grid position of the newest sample known; the first step forecast is the one after it.</summary>
    public long LastStep { get; init; }

    /// <summary>What was said of the newest samples an hour before (12 steps, or as far as forecasts reach), oldest
    /// first; at most 48.</summary>
    public IReadOnlyList<PastForecast> Past { get; init; } = [];
}

/// <summary>One round over all series, in the order they were given.</summary>
/// <param name="Series">One entry a series.</param>
/// <param name="ModelProblem">Why a configured model takes no part (missing, damaged); null when all do.</param>
public sealed record ForecastRound(IReadOnlyList<SeriesForecast> Series, string? ModelProblem)
{
    /// <summary>How many of each <see cref="SeriesForecast.Losses"/>, from the first, are baselines.</summary>
    public int BaselineCount { get; init; }

    /// <summary>What each candidate cost; all 0 without a clock.</summary>
    public IReadOnlyList<CandidateTime> Times { get; init; } = [];
}
