using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// The global LSTM: one model for every series, trained on other people's loads (models/demand-lstm.md). Windows in,
/// quantiles out. It says so where it has nothing to go by; whether it is any good for a series is for the
/// <see cref="RollingBacktest"/> to tell.
/// </summary>
public sealed class LstmForecaster : IDemandForecaster, IDisposable
{
    public const string ModelName = "lstm";

    /// <summary>Where the build puts the shipped model, relative to the program.</summary>
    public const string ShippedModel = "models/demand-lstm.onnx";

    /// <summary>Samples below which the model has no whole window.</summary>
    public const int HistoryMin = LstmFeatures.Window;

    private const double ProbeStepSeconds = 300;

    private readonly OnnxModel _model;

    private LstmForecaster(OnnxModel model) => _model = model;

    public string Name => ModelName;

    /// <summary>Loads a model, or tells in one line why it cannot be used; forecasting then goes on without
    /// it.</summary>
    public static bool TryLoad(
        string path, [NotNullWhen(true)] out LstmForecaster? forecaster, [NotNullWhen(false)] out string? problem)
    {
        return TryLoad(() => OnnxModel.Load(path), $"Model file {path}", out forecaster, out problem);
    }

    /// <summary>The same of a model that is no file; <paramref name="name"/> is what the problem calls it.</summary>
    public static bool TryLoad(
        ReadOnlyMemory<byte> onnx, string name, [NotNullWhen(true)] out LstmForecaster? forecaster,
        [NotNullWhen(false)] out string? problem)
        => TryLoad(() => OnnxModel.Load(onnx.Span, name), name, out forecaster, out problem);

    /// <summary>Loads the model that was built with this program.</summary>
    public static bool TryLoadShipped(
        [NotNullWhen(true)] out LstmForecaster? forecaster, [NotNullWhen(false)] out string? problem)
        => TryLoad(Path.Combine(AppContext.BaseDirectory, ShippedModel), out forecaster, out problem);

    public QuantileForecast Forecast(in ForecastInput input, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        var history = input.History.Span;
        var features = ArrayPool<float>.Shared.Rent(OnnxModel.Width);
        var quantiles = ArrayPool<float>.Shared.Rent(OnnxModel.OutputWidth);
        try
        {
            var row = Row.Fill(history, input.Shape, features.AsSpan(0, OnnxModel.Width));
            var failure = TryRun(features, quantiles, row.Usable ? 1 : 0);
            return row.Read(quantiles, history, input.Shape, steps, failure);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
            ArrayPool<float>.Shared.Return(quantiles);
        }
    }

    public IReadOnlyList<QuantileForecast> ForecastMany(IReadOnlyList<ForecastInput> inputs, int steps)
    {
        ForecastLevels.CheckSteps(steps);
        var forecasts = new QuantileForecast[inputs.Count];
        var features = ArrayPool<float>.Shared.Rent(OnnxModel.BatchRowsMax * OnnxModel.Width);
        var quantiles = ArrayPool<float>.Shared.Rent(OnnxModel.BatchRowsMax * OnnxModel.OutputWidth);
        try
        {
            for (var done = 0; done < forecasts.Length; done += OnnxModel.BatchRowsMax)
            {
                var count = Math.Min(OnnxModel.BatchRowsMax, forecasts.Length - done);
                var batch = new Batch(inputs, done, count, steps);
                ForecastBatch(batch, features, quantiles, forecasts.AsSpan(done, count));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
            ArrayPool<float>.Shared.Return(quantiles);
        }

        return forecasts;
    }

    public void Dispose() => _model.Dispose();

    private static bool TryLoad(
        Func<OnnxModel> load, string name, [NotNullWhen(true)] out LstmForecaster? forecaster,
        [NotNullWhen(false)] out string? problem)
    {
        forecaster = null;
        problem = null;
        try
        {
            forecaster = new LstmForecaster(load());
            problem = forecaster.Probe() is { } bad ? $"{name} {bad}" : null;
        }
        catch (ForecastModelException e)
        {
            problem = e.Message;
        }

        if (problem is not null)
        {
            forecaster?.Dispose();
            forecaster = null;
        }

        return forecaster is not null;
    }

    /// <summary>What is wrong with its answer to a plain wave: weights that are no numbers load like any others.
    /// </summary>
    private string? Probe()
    {
        var wave = new double[HistoryMin + ForecastLevels.StepsMax];
        for (var i = 0; i < wave.Length; i++)
        {
            wave[i] = 100 + (50 * Math.Sin(i / 5.0));
        }

        var input = new ForecastInput(wave, SeriesShape.WithoutSeason(ProbeStepSeconds));
        var forecast = Forecast(input, ForecastLevels.StepsMax);
        if (forecast.State != ForecastState.Ok)
        {
            return $"answers a plain wave with nothing: {forecast.Reason}";
        }

        for (var i = 1; i < forecast.Values.Length; i++)
        {
            if (i % ForecastLevels.Count != 0 && forecast.Values[i] < forecast.Values[i - 1])
            {
                return "answers a plain wave with quantiles that cross";
            }
        }

        return null;
    }

    private void ForecastBatch(Batch batch, float[] features, float[] quantiles, Span<QuantileForecast> forecasts)
    {
        // Unusable rows are left out of the call: they cost nothing, and one bad series cannot spoil its neighbours.
        Span<Row> rows = stackalloc Row[batch.Count];
        var usable = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var input = batch.Inputs[batch.Start + i];
            rows[i] = Row.Fill(
                input.History.Span, input.Shape, features.AsSpan(usable * OnnxModel.Width, OnnxModel.Width));
            usable += rows[i].Usable ? 1 : 0;
        }

        var failure = TryRun(features, quantiles, usable);
        var taken = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var input = batch.Inputs[batch.Start + i];
            var output = quantiles.AsSpan(rows[i].Usable ? taken++ * OnnxModel.OutputWidth : 0);
            var forecast = rows[i].Read(output, input.History.Span, input.Shape, batch.Steps, failure);
            forecasts[i] = forecast with { HistoryCount = input.History.Length };
        }
    }

    /// <summary>Null, or why the library would not compute: the baselines then answer, and tell.</summary>
    private string? TryRun(float[] features, float[] quantiles, int rows)
    {
        try
        {
            _model.Run(
                features.AsSpan(0, rows * OnnxModel.Width), quantiles.AsSpan(0, rows * OnnxModel.OutputWidth), rows);
            return null;
        }
        catch (ForecastModelException e)
        {
            return e.Message;
        }
    }

    private readonly record struct Batch(IReadOnlyList<ForecastInput> Inputs, int Start, int Count, int Steps);

    /// <summary>What became of one history on its way into a batch.</summary>
    private readonly record struct Row(double Scale, double Last)
    {
        public bool Usable => Scale > 0 && double.IsFinite(Scale);

        public static Row Fill(ReadOnlySpan<double> history, SeriesShape shape, Span<float> features)
        {
            if (history.Length < HistoryMin)
            {
                return new Row(0, history.IsEmpty ? 0 : history[^1]);
            }

            var scale = LstmFeatures.Fill(history, shape.SeasonSteps, features);
            var readable = scale == 0 || TensorPrimitives.IsFiniteAll<float>(features);
            return new Row(readable ? scale : double.NaN, history[^1]);
        }

        public QuantileForecast Read(
            ReadOnlySpan<float> output, ReadOnlySpan<double> history, SeriesShape shape, int steps, string? failure)
        {
            if (history.Length < HistoryMin)
            {
                return Flat(shape, steps, ForecastState.NotEnoughHistory,
                    $"{history.Length} samples, the model needs {HistoryMin}");
            }

            if (Scale == 0)
            {
                return Flat(shape, steps, ForecastState.Ok, "the recent values do not move");
            }

            if (failure is not null)
            {
                return Flat(shape, steps, ForecastState.Fallback, failure);
            }

            var values = new double[steps * ForecastLevels.Count];
            var floor = TensorPrimitives.Min(history) >= 0 ? 0 : double.NegativeInfinity;
            for (var i = 0; Usable && i < values.Length; i++)
            {
                values[i] = Math.Max(Last + (Scale * output[i]), floor);
            }

            return Usable && TensorPrimitives.IsFiniteAll<double>(values)
                ? new QuantileForecast(shape.StepSeconds, ForecastLevels.All, values, ModelName, ForecastState.Ok)
                : Flat(shape, steps, ForecastState.Fallback, "the model has no finite answer to this history");
        }

        private QuantileForecast Flat(SeriesShape shape, int steps, ForecastState state, string reason)
        {
            var values = new double[steps * ForecastLevels.Count];
            Array.Fill(values, double.IsFinite(Last) ? Last : 0);
            return new QuantileForecast(shape.StepSeconds, ForecastLevels.All, values, ModelName, state, reason);
        }
    }
}
