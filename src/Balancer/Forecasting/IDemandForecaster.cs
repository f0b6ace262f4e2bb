namespace ShardStore.Balancer.Forecasting;

/// <summary>Turns the past of a series into quantiles of its next steps. Same input, same output; no clock. A
/// forecaster never throws over the values of a history: what it cannot use it answers with a
/// <see cref="ForecastState"/> and a reason.</summary>
public interface IDemandForecaster
{
    /// <summary>Short and stable: it labels scores, API answers and <see cref="QuantileForecast.Method"/>.</summary>
    string Name { get; }

    /// <summary>Forecasts steps 1..<paramref name="steps"/> after the last value of <paramref name="history"/>
    /// (oldest first).</summary>
    QuantileForecast Forecast(ReadOnlySpan<double> history, SeriesShape shape, int steps);

    /// <summary>The same for many series, in their order. A model that is cheaper in batches overrides it.</summary>
    IReadOnlyList<QuantileForecast> ForecastMany(IReadOnlyList<ForecastInput> inputs, int steps)
    {
        var forecasts = new QuantileForecast[inputs.Count];
        for (var i = 0; i < forecasts.Length; i++)
        {
            forecasts[i] = Forecast(inputs[i].History.Span, inputs[i].Shape, steps);
        }

        return forecasts;
    }
}

/// <summary>One history in a batch, oldest value first, and the shape of its series at its last value.</summary>
public readonly record struct ForecastInput(ReadOnlyMemory<double> History, SeriesShape Shape);
