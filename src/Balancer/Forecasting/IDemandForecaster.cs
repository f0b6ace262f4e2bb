namespace ShardStore.Balancer.Forecasting;

/// <summary>Turns the past of a series into quantiles of its next steps. Same input, same output; no clock. A
/// forecaster never throws over the values of a history: what it cannot use it answers with a
/// <see cref="ForecastState"/> and a reason.</summary>
public interface IDemandForecaster
{
    /// <summary>Short and stable: it labels scores, API answers and <see cref="QuantileForecast.Method"/>.</summary>
    string Name { get; }

    /// <summary>Estimates what the forecaster has to know of a series beyond its newest values: parameters, and how
    /// wrong they were. Dear beside a forecast, so one fit serves many forecasts of the values that follow. Null when
    /// there is nothing to estimate, or too little history for it.</summary>
    SeriesFit? Fit(ReadOnlySpan<double> history, SeriesShape shape) => null;

    /// <summary>Forecasts steps 1..<paramref name="steps"/> after the last value of the input's history.</summary>
    QuantileForecast Forecast(in ForecastInput input, int steps);

    /// <summary>The same for many series, in their order. A model that is cheaper in batches overrides it.</summary>
    IReadOnlyList<QuantileForecast> ForecastMany(IReadOnlyList<ForecastInput> inputs, int steps)
    {
        var forecasts = new QuantileForecast[inputs.Count];
        for (var i = 0; i < forecasts.Length; i++)
        {
            forecasts[i] = Forecast(inputs[i], steps);
        }

        return forecasts;
    }
}
