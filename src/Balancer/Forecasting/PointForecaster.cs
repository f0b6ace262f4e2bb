using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// A forecaster that computes one point a step and puts the quantiles of its own errors around it. What is common to
/// all of them: which fit serves, what is answered with too little history (the last value, and why), values near the
/// limits of a double, a floor at 0 for a load that never was negative.
/// </summary>
public abstract class PointForecaster : IDemandForecaster
{
    // Squares of anything between, and sums and products of such squares, neither overflow nor vanish.
    private const double PlainMax = 1e70;
    private const double PlainMin = 1e-70;

    /// <summary>Newest values looked at for what a fit did not see.</summary>
    private const int RecentMax = 32;

    public abstract string Name { get; }

    public SeriesFit? Fit(ReadOnlySpan<double> history, SeriesShape shape)
    {
        if (!IsPlain(history))
        {
            return null;
        }

        if (Lack(history.Length, shape, 1) is null)
        {
            return Estimate(history, shape);
        }

        return LastValue.LackOf(history.Length, 1) is null ? LastValue.FitOf(history) : null;
    }

    public QuantileForecast Forecast(in ForecastInput input, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        var history = input.History.Span;
        var known = input.Fit as PointFit;
        if (!IsPlain(known is null ? history : history[^Math.Min(RecentMax, history.Length)..]))
        {
            return Scaled(input, steps);
        }

        var lack = Lack(history.Length, input.Shape, steps);
        if (lack is not null && LastValue.LackOf(history.Length, steps) is not null)
        {
            return Unknown(history, input.Shape, steps, lack);
        }

        var method = lack is null ? Name : LastValue.MethodName;
        var fit = known is not null && known.Method == method && known.Band.Steps >= steps
            && (lack is not null || Serves(known, history, input.Shape))
            ? known
            : lack is null ? Estimate(history, input.Shape) : LastValue.FitOf(history);
        Span<double> path = stackalloc double[steps];
        path.Fill(history[^1]);
        if (lack is null)
        {
            Trace(history, input.Shape, fit, path);
        }

        return new QuantileForecast(
            input.Shape.StepSeconds, ForecastLevels.All, fit.Band.Around(path, Floor(fit, history)), Name,
            lack is null ? ForecastState.Ok : ForecastState.NotEnoughHistory, lack)
        {
            HistoryCount = history.Length,
        };
    }

    /// <summary>Why the forecaster has no answer of its own for so many values; null when it has one.</summary>
    private protected abstract string? Lack(int historyCount, SeriesShape shape, int steps);

    /// <summary>Estimates from a history that lacks nothing for one step; the band reaches every step for which
    /// nothing is lacking.</summary>
    private protected abstract PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape);

    /// <summary>The point forecast, a value for each place of <paramref name="path"/>, from a fit of its own.</summary>
    private protected abstract void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path);

    /// <summary>Whether a fit of its own can be continued to the last value of <paramref name="history"/>.</summary>
    private protected virtual bool Serves(PointFit fit, ReadOnlySpan<double> history, SeriesShape shape) => true;

    private protected static bool NeverNegative(ReadOnlySpan<double> history) => TensorPrimitives.Min(history) >= 0;

    private protected static string? TooShort(int historyCount, int needed)
        => historyCount >= needed ? null : $"{historyCount} samples, {needed} are needed";

    private static double Floor(PointFit fit, ReadOnlySpan<double> history)
        => fit.NeverNegative && NeverNegative(history[^Math.Min(RecentMax, history.Length)..])
            ? 0
            : double.NegativeInfinity;

    /// <summary>Whether no square of a value, and no sum of such, overflows or vanishes.</summary>
    internal static bool IsPlain(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return true;
        }

        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        return largest is 0 or (>= PlainMin and <= PlainMax);
    }

    private QuantileForecast Unknown(ReadOnlySpan<double> history, SeriesShape shape, int steps, string lack)
        => new(
            shape.StepSeconds, ForecastLevels.All, ErrorBand.Flat(history.IsEmpty ? 0 : history[^1], steps), Name,
            ForecastState.NotEnoughHistory, lack)
        {
            HistoryCount = history.Length,
        };

    /// <summary>Forecasts the same history in a unit that makes its numbers ordinary. A power of two changes no
    /// digit.</summary>
    private QuantileForecast Scaled(in ForecastInput input, int steps)
    {
        var history = input.History.Span;
        var exponent = Math.ILogB(TensorPrimitives.MaxMagnitude(history)) + 1;
        var scaled = new double[history.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Math.ScaleB(history[i], -exponent);
        }

        var forecast = Forecast(input with { History = scaled, Fit = null }, steps);
        for (var i = 0; i < forecast.Values.Length; i++)
        {
            var value = Math.ScaleB(forecast.Values[i], exponent);
            forecast.Values[i] = Math.Clamp(value, double.MinValue, double.MaxValue);
        }

        return forecast;
    }
}
