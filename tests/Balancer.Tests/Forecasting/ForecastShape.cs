using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>What holds for every forecast of every forecaster.</summary>
internal static class ForecastShape
{
    public static void AssertOrdered(QuantileForecast forecast)
    {
        Assert.All(forecast.Values, v => Assert.True(double.IsFinite(v), $"{forecast.Method} gave {v}"));
        for (var step = 0; step < forecast.Steps; step++)
        {
            var levels = forecast.Values.AsSpan(step * forecast.Levels.Length, forecast.Levels.Length);
            for (var i = 1; i < levels.Length; i++)
            {
                Assert.True(levels[i] >= levels[i - 1], $"{forecast.Method} step {step + 1}: level {i} falls");
            }
        }
    }
}
