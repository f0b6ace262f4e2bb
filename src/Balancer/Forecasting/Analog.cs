using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// What followed when this load was most like now (the nearest neighbours of Yakowitz 1987, "Nearest-neighbour methods
/// for time series analysis"; the analog ensemble of Delle Monache et al. 2013, "Probabilistic weather prediction with
/// an analog ensemble"). Other methods put the errors of all times around a point, so that their upper quantile says
/// little more than the point does; here it depends on the state: after calm it is near, before what usually
/// bursts it is far. Each past state tells two futures: its change from the value then, added to the value now, and
/// the error of the direct regression then, added to the regression now. The quantiles are those of both together:
/// where the two disagree the tails are wide.
/// </summary>
public sealed class Analog : IDemandForecaster
{
    public const string MethodName = "analog";

    /// <summary>States looked at; twice as many or half change the loss by less than a hundredth.</summary>
    private const int StatesMax = 128;

    /// <summary>States below which an upper quantile would be an invention.</summary>
    private const int StatesMin = ErrorSample.OriginsMin;

    /// <summary>At most so manieth part of what is known is like now.</summary>
    private const int KnownPerState = 6;

    private readonly DirectRidge _ridge = new();

    public string Name => MethodName;

    public SeriesFit? Fit(ReadOnlySpan<double> history, SeriesShape shape) => _ridge.Fit(history, shape);

    public QuantileForecast Forecast(in ForecastInput input, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        var window = DirectRidge.WindowOf(input.History.Span);
        if (PointForecaster.IsPlain(window))
        {
            var fit = input.Fit as DirectRidge.RidgeFit ?? Fit(window, input.Shape) as DirectRidge.RidgeFit;
            var origins = fit is null ? 0 : window.Length - ForecastLevels.StepsMax - fit.Weights.HistoryMin + 1;
            if (origins >= StatesMin * KnownPerState)
            {
                return new QuantileForecast(
                    input.Shape.StepSeconds, ForecastLevels.All, Levels(window, fit!, origins, steps), Name,
                    ForecastState.Ok)
                {
                    HistoryCount = input.History.Length,
                };
            }
        }

        // Too few states to choose from, or values near the limits of a double: all of the regression's errors.
        return _ridge.Forecast(input, steps) with { Method = Name };
    }

    /// <summary>Quantiles, steps × levels.</summary>
    private static double[] Levels(ReadOnlySpan<double> window, DirectRidge.RidgeFit fit, int origins, int steps)
    {
        var states = AnalogSearch.Nearest(
            window, fit.Weights, Math.Min(StatesMax, origins / KnownPerState));
        var lanes = Vector256<double>.Count;
        var width = (steps + lanes - 1) / lanes * lanes;
        var futures = new double[2 * states.Length * width];
        Span<double> now = stackalloc double[steps];
        Span<double> then = stackalloc double[steps];
        fit.Weights.Trace(window, now);
        for (var i = 0; i < states.Length; i++)
        {
            var state = states[i];
            var future = window.Slice(state + 1, steps);
            var changed = futures.AsSpan(2 * i * width, steps);
            TensorPrimitives.Add(future, window[^1] - window[state], changed);
            var erred = futures.AsSpan(((2 * i) + 1) * width, steps);
            fit.Weights.Trace(window[..(state + 1)], then);
            TensorPrimitives.Subtract(future, then, erred);
            TensorPrimitives.Add(erred, now, erred);
        }

        SortedColumns.Sort(futures, width);
        var values = new double[steps * ForecastLevels.Count];
        for (var level = 0; level < ForecastLevels.Count; level++)
        {
            for (var step = 0; step < steps; step++)
            {
                values[(step * ForecastLevels.Count) + level] =
                    SortedColumns.Quantile(futures, width, step, ForecastLevels.All[level]);
            }
        }

        var floor = fit.NeverNegative && TensorPrimitives.Min(window) >= 0 ? 0 : double.MinValue;
        TensorPrimitives.Clamp<double>(values, floor, double.MaxValue, values);
        return values;
    }
}
