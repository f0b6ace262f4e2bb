namespace ShardStore.Balancer.Forecasting;

/// <summary>Tomorrow is as now: the baseline that every other forecaster is measured against.</summary>
public sealed class LastValue : IDemandForecaster
{
    public const string MethodName = "last-value";

    public string Name => MethodName;

    public QuantileForecast Forecast(in ForecastInput input, int steps)
        => Answer(input.History.Span, input.Shape, steps, MethodName);

    /// <summary>The answer under another name, for a forecaster that has nothing better to say.</summary>
    internal static QuantileForecast Answer(
        ReadOnlySpan<double> history, SeriesShape shape, int steps, string method)
    {
        ForecastLevels.CheckSteps(steps);
        var rule = default(Rule);
        var needed = ResidualBand.HistoryMin(rule, steps);
        if (history.Length >= needed)
        {
            var values = ResidualBand.Fill(history, rule, steps);
            return new QuantileForecast(shape.StepSeconds, ForecastLevels.All, values, method, ForecastState.Ok);
        }

        var flat = ResidualBand.Flat(history.IsEmpty ? 0 : history[^1], steps);
        return new QuantileForecast(
            shape.StepSeconds, ForecastLevels.All, flat, method, ForecastState.NotEnoughHistory,
            $"{history.Length} samples, {needed} are needed");
    }

    private readonly struct Rule : IPointRule
    {
        public int OriginFirst => 0;

        public double At(ReadOnlySpan<double> history, int origin, int step) => history[origin];
    }
}
