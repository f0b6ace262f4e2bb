using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>Scores one method on one series while it forecasts.</summary>
internal sealed class SeriesScore(string method, ProtocolTask task)
{
    private const double High = 0.9;

    private readonly double[] _errors = new double[ProtocolTask.Steps];
    private readonly double[] _symmetricErrors = new double[ProtocolTask.Steps];
    private readonly double[] _pinballs = new double[ProtocolTask.Steps];
    private readonly double[] _covered = new double[ProtocolTask.Steps];
    private readonly double[] _levelsCovered = new double[ForecastLevels.Count];
    private readonly double[] _sums = new double[task.TestOrigins.Count];
    private readonly AlarmTally _pointAlarms = new(task);
    private readonly AlarmTally _highAlarms = new(task);
    private double[] _sample = [];
    private int _origins;

    /// <summary>Per origin the forecast's sum over the alarm steps: what hot shards are told by.</summary>
    public ReadOnlySpan<double> Sums => _sums;

    /// <param name="origin">The next test origin.</param>
    /// <param name="values">Steps × levels.</param>
    public void Add(int origin, ReadOnlySpan<double> values)
    {
        var truth = task.Values.AsSpan(origin + 1, ProtocolTask.Steps);
        var (pointPeak, highPeak, sum) = (double.NegativeInfinity, double.NegativeInfinity, 0.0);
        for (var step = 0; step < truth.Length; step++)
        {
            var row = values.Slice(step * ForecastLevels.Count, ForecastLevels.Count);
            AddStep(step, truth[step], row);
            if (step < ProtocolTask.AlarmSteps)
            {
                pointPeak = Math.Max(pointPeak, row[ForecastLevels.MedianColumn]);
                highPeak = Math.Max(highPeak, row[ForecastLevels.HighColumn]);
                sum += row[ForecastLevels.MedianColumn];
                AddLevels(truth[step], row);
            }
        }

        _pointAlarms.Add(origin, pointPeak);
        _highAlarms.Add(origin, highPeak);
        _sums[_origins] = sum;
        if (_origins == SampleOrigin.PlaceIn(task))
        {
            _sample = values.ToArray();
        }

        _origins++;
    }

    public SeriesScores Finish()
        => new()
        {
            Series = task.Series,
            Method = method,
            Origins = _origins,
            Errors = Mean(_errors, task.Scale),
            SymmetricErrors = Mean(_symmetricErrors, 1),
            Pinballs = Mean(_pinballs, task.Scale),
            Covered = Mean(_covered, 1),
            LevelsCovered = Mean(_levelsCovered, ProtocolTask.AlarmSteps),
            SeasonFactor = task.Scale / task.SeasonScale,
            Point = _pointAlarms.Finish(),
            High = _highAlarms.Finish(),
            Onsets = task.Onsets.Count,
            Sample = _sample,
        };

    private void AddStep(int step, double truth, ReadOnlySpan<double> row)
    {
        var point = row[ForecastLevels.MedianColumn];
        var error = Math.Abs(truth - point);
        var size = Math.Abs(truth) + Math.Abs(point);
        var over = truth - row[ForecastLevels.HighColumn];
        _errors[step] += error;
        _symmetricErrors[step] += size > 0 ? 200 * error / size : 0;
        _pinballs[step] += over >= 0 ? High * over : (High - 1) * over;
        _covered[step] += over <= 0 ? 1 : 0;
    }

    private void AddLevels(double truth, ReadOnlySpan<double> row)
    {
        for (var level = 0; level < row.Length; level++)
        {
            _levelsCovered[level] += truth <= row[level] ? 1 : 0;
        }
    }

    private double[] Mean(double[] sums, double scale) => Array.ConvertAll(sums, sum => sum / _origins / scale);
}
