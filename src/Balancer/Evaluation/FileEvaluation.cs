using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>Evaluates methods on the series of one file. Forecasts are scored as they are made and not kept, so that
/// memory does not grow with origins times steps.</summary>
public sealed class FileEvaluation
{
    private readonly EvaluationFile _file;
    private readonly int _historyCapacity;
    private readonly List<ProtocolTask> _tasks = [];
    private readonly List<string> _leftOut = [];

    /// <param name="file">The trace.</param>
    /// <param name="historyCapacity">Samples a cluster keeps of each series; the acting forecast sees no more.</param>
    /// <param name="stride">Every so manieth origin is used; 1 is the protocol.</param>
    public FileEvaluation(EvaluationFile file, int historyCapacity, int stride)
    {
        _file = file;
        _historyCapacity = historyCapacity;
        for (var column = 0; column < file.Columns.Count; column++)
        {
            if (ProtocolTask.Refusal(file.Values[column]) is { } reason)
            {
                _leftOut.Add(file.IsWide ? $"{file.Name}/{file.Columns[column]}: {reason}" : $"{file.Name}: {reason}");
            }
            else
            {
                _tasks.Add(new ProtocolTask(file, column, stride));
            }
        }
    }

    /// <summary>The series that are evaluated.</summary>
    public IReadOnlyList<ProtocolTask> Tasks => _tasks;

    public string Name => _file.Name;

    /// <summary>Series that are not evaluated, each with the reason.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Rough time it takes, in the unit that <see cref="Run"/> reports.</summary>
    public long CostOf(MethodSet methods) => _tasks.Sum(methods.CostOf);

    /// <param name="methods">Used by this call alone while it lasts.</param>
    /// <param name="advanced">Told how much of the cost has been spent since the last call; may throw to
    /// cancel.</param>
    public FileScores Run(MethodSet methods, Action<long> advanced)
    {
        var scores = new List<SeriesScores>();
        var hits = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var method in methods.Methods)
        {
            Take(method.Name, _tasks.ConvertAll(task => Score(method, task, advanced)));
        }

        if (methods.Acting is { } acting && _tasks.Count > 0)
        {
            foreach (var (method, acted) in Act(acting(), methods.Whole, advanced))
            {
                Take(method, acted);
            }
        }

        return new FileScores(_file, _tasks, scores, hits, _leftOut);

        void Take(string method, List<SeriesScore> series)
        {
            scores.AddRange(series.Select(score => score.Finish()));
            if (_file.IsWide && series.Count > 0)
            {
                hits[method] = HotShards.Hit(_tasks, series);
            }
        }
    }

    private Dictionary<string, List<SeriesScore>> Act(
        DemandForecaster forecaster, IReadOnlyList<string> names, Action<long> advanced)
    {
        var scores = names.ToDictionary(name => name, name => _tasks.ConvertAll(task => new SeriesScore(name, task)));
        new ActingForecast(_tasks, _historyCapacity).Run(
            forecaster,
            (origin, round) =>
            {
                foreach (var (name, acted) in scores)
                {
                    for (var i = 0; i < acted.Count; i++)
                    {
                        acted[i].Add(origin, ActingForecast.Values(round.Series[i], name));
                    }
                }
            },
            forecasts => advanced(MethodSet.CostOfActing(forecasts)));
        return scores;
    }

    private static SeriesScore Score(EvaluationMethod method, ProtocolTask task, Action<long> advanced)
    {
        var score = new SeriesScore(method.Name, task);
        if (!method.IsPoint)
        {
            method.Run(task, task.TestOrigins, (origin, values) =>
            {
                score.Add(origin, values);
                advanced(method.Cost);
            });
            return score;
        }

        var band = PointBand.Calibrate(method, task);
        advanced((long)method.Cost * task.CalibrationOrigins.Count);
        method.Run(task, task.TestOrigins, (origin, points) =>
        {
            score.Add(origin, band.Around(points));
            advanced(method.Cost);
        });
        return score;
    }
}
