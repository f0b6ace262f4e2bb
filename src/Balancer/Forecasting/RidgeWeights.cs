using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>The weights of a direct regression, one set a horizon, ready to forecast with.</summary>
internal sealed class RidgeWeights : IPointRule
{
    private const int Lags = RidgeSignals.Lags;

    private readonly RidgeSignals _layout;
    private readonly int _seasons;

    // A row a horizon: the newest values, oldest first; the window; each season now; each season at the step; a
    // constant. The last value's weight makes all but the constant sum to 1.
    private readonly double[] _weights;
    private readonly int _width;

    public RidgeWeights(RidgeSignals layout, double[,] differenceWeights)
    {
        _layout = layout;
        _seasons = layout.SeasonSignals;
        _width = differenceWeights.GetLength(1) + 1;
        _weights = new double[differenceWeights.GetLength(0) * _width];
        for (var step = 0; step < differenceWeights.GetLength(0); step++)
        {
            var row = _weights.AsSpan(step * _width, _width);
            for (var i = 0; i < _width - 1; i++)
            {
                row[i < Lags - 1 ? i : i + 1] = differenceWeights[step, i];
            }

            row[Lags - 1] = 1 - TensorPrimitives.Sum<double>(row[..^1]);
        }
    }

    /// <summary>Values that a forecast needs.</summary>
    public int HistoryMin => _layout.OriginFirst + 1;

    /// <summary>Whole seasons that it looks back on; 0 without a season.</summary>
    public int Back => _layout.Back;

    public void Trace(ReadOnlySpan<double> known, Span<double> path)
    {
        var origin = known.Length - 1;
        var newest = known[^Lags..];
        var window = RidgeSignals.WindowMean(known);
        Span<double> now = stackalloc double[_seasons];
        for (var season = 0; season < _seasons; season++)
        {
            now[season] = _layout.Season(known, origin, season);
        }

        for (var step = 1; step <= path.Length; step++)
        {
            var row = _weights.AsSpan((step - 1) * _width, _width);
            var point = TensorPrimitives.Dot(newest, row[..Lags]) + (row[Lags] * window) + row[^1];
            for (var season = 0; season < _seasons; season++)
            {
                point += row[Lags + 1 + season] * now[season];
                point += row[Lags + 1 + _seasons + season] * _layout.Season(known, origin + step, season);
            }

            path[step - 1] = point;
        }
    }
}
