using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>
/// Turns a point method into one with quantiles, as the protocol does: to each step it adds the quantile of the
/// method's errors at that step over the calibration origins of the same series. The median stays the point.
/// </summary>
internal sealed class PointBand
{
    private readonly double[][] _errors;
    private readonly double[] _offsets = new double[ProtocolTask.Steps * ForecastLevels.Count];
    private readonly double[] _values = new double[ProtocolTask.Steps * ForecastLevels.Count];

    private PointBand(int origins)
    {
        _errors = new double[ProtocolTask.Steps][];
        for (var step = 0; step < _errors.Length; step++)
        {
            _errors[step] = new double[origins];
        }
    }

    public static PointBand Calibrate(EvaluationMethod method, ProtocolTask task)
    {
        var band = new PointBand(task.CalibrationOrigins.Count);
        var place = 0;
        method.Run(task, task.CalibrationOrigins, (origin, points) =>
        {
            for (var step = 0; step < points.Length; step++)
            {
                band._errors[step][place] = task.Values[origin + step + 1] - points[step];
            }

            place++;
        });
        band.FindOffsets();
        return band;
    }

    /// <summary>Steps × levels; valid until the next call.</summary>
    public ReadOnlySpan<double> Around(ReadOnlySpan<double> points)
    {
        for (var step = 0; step < points.Length; step++)
        {
            var row = step * ForecastLevels.Count;
            for (var level = 0; level < ForecastLevels.Count; level++)
            {
                _values[row + level] = points[step] + _offsets[row + level];
            }
        }

        return _values;
    }

    private void FindOffsets()
    {
        for (var step = 0; step < _errors.Length; step++)
        {
            Array.Sort(_errors[step]);
            for (var level = 0; level < ForecastLevels.Count; level++)
            {
                _offsets[(step * ForecastLevels.Count) + level] = level == ForecastLevels.MedianColumn
                    ? 0
                    : SortedQuantile.At(_errors[step], ForecastLevels.All[level]);
            }
        }
    }
}
