namespace ShardStore.Balancer.Forecasting;

/// <summary>How a candidate did on one series lately.</summary>
/// <param name="Name">The candidate's <see cref="IDemandForecaster.Name"/>.</param>
/// <param name="RelativeError">Its mean absolute error divided by that of the last value: below 1 is better than
/// repeating the last value. NaN while nothing could be compared.</param>
/// <param name="RelativePinball">The same for the mean pinball loss over the upper levels it is used for.</param>
/// <param name="ScoredForecasts">Forecasts scored to their last step, before decay.</param>
public readonly record struct CandidateLoss(
    string Name, double RelativeError, double RelativePinball, long ScoredForecasts);

/// <summary>The forecast that acts for a series, and what it was chosen from.</summary>
public sealed record SeriesForecast(SeriesId Id, QuantileForecast Forecast, IReadOnlyList<CandidateLoss> Losses);

/// <summary>One round over all series, in the order they were given.</summary>
/// <param name="Series">One entry a series.</param>
/// <param name="ModelProblem">Why a configured model takes no part (missing, damaged); null when all do.</param>
public sealed record ForecastRound(IReadOnlyList<SeriesForecast> Series, string? ModelProblem);
