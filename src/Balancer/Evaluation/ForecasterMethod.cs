using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>What of the past a forecaster is shown.</summary>
internal enum Memory : byte
{
    /// <summary>The newest <see cref="ProtocolTask.Context"/> values.</summary>
    Short = 1,
    /// <summary>All values up to the origin.</summary>
    Long = 2,
}

/// <summary>A forecaster of the product under evaluation. It estimates again every <see cref="FitEvery"/> samples, from
/// what is known then, as it does in a cluster.</summary>
internal sealed class ForecasterMethod(
    IDemandForecaster forecaster, Memory memory, bool isPoint, int cost)
    : EvaluationMethod(forecaster.Name, isPoint, cost)
{
    public const int FitEvery = 12;

    /// <summary>Forecasts asked for at once: a model that is cheaper in batches gets full ones.</summary>
    private const int BatchMax = 64;

    internal override void Run(ProtocolTask task, OriginRange origins, ForecastTaker take)
    {
        var inputs = new List<ForecastInput>(BatchMax);
        Span<double> medians = stackalloc double[ProtocolTask.Steps];
        SeriesFit? fit = null;
        var fitAge = FitEvery;
        for (var done = 0; done < origins.Count; done += BatchMax)
        {
            inputs.Clear();
            for (var i = done; i < Math.Min(done + BatchMax, origins.Count); i++)
            {
                var known = Known(task, origins[i]);
                var shape = task.ShapeAt(origins[i]);
                if (fitAge >= FitEvery)
                {
                    fit = forecaster.Fit(known.Span, shape);
                    fitAge = 0;
                }

                inputs.Add(new ForecastInput(known, shape, fit));
                fitAge += origins.Stride;
            }

            var forecasts = forecaster.ForecastMany(inputs, ProtocolTask.Steps);
            for (var i = 0; i < forecasts.Count; i++)
            {
                take(origins[done + i], IsPoint ? Medians(forecasts[i].Values, medians) : forecasts[i].Values);
            }
        }
    }

    private static ReadOnlySpan<double> Medians(double[] values, Span<double> medians)
    {
        for (var step = 0; step < medians.Length; step++)
        {
            medians[step] = values[(step * ForecastLevels.Count) + ForecastLevels.MedianColumn];
        }

        return medians;
    }

    private ReadOnlyMemory<double> Known(ProtocolTask task, int origin)
    {
        var known = task.Values.AsMemory(0, origin + 1);
        return memory == Memory.Short ? known[^task.Context..] : known;
    }
}
