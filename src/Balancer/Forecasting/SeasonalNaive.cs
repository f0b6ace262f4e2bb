namespace ShardStore.Balancer.Forecasting;

/// <summary>The same time one season ago: the baseline for loads with a day. Without a whole season in the history it
/// answers as <see cref="LastValue"/> does and says why.</summary>
public sealed class SeasonalNaive : IDemandForecaster
{
    public const string MethodName = "seasonal-naive";

    public string Name => MethodName;

    public QuantileForecast Forecast(in ForecastInput input, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        var history = input.History.Span;
        var shape = input.Shape;
        if (!shape.HasSeason)
        {
            return Without(history, shape, steps, "the series has no season");
        }

        var rule = new Rule(shape.SeasonSteps);
        var needed = ResidualBand.HistoryMin(rule, steps);
        if (history.Length < needed)
        {
            return Without(
                history, shape, steps,
                $"{history.Length} samples, {needed} are needed for a season of {shape.SeasonSteps}");
        }

        var values = ResidualBand.Fill(history, rule, steps);
        return new QuantileForecast(shape.StepSeconds, ForecastLevels.All, values, MethodName, ForecastState.Ok);
    }

    private static QuantileForecast Without(
        ReadOnlySpan<double> history, SeriesShape shape, int steps, string reason)
        => LastValue.Answer(history, shape, steps, MethodName) with
        {
            State = ForecastState.NotEnoughHistory,
            Reason = reason,
        };

    private readonly struct Rule(int season) : IPointRule
    {
        // One whole season before the first origin's first step.
        public int OriginFirst => season - 1;

        public double At(ReadOnlySpan<double> history, int origin, int step)
            => history[origin + step - (season * ((step + season - 1) / season))];
    }
}
