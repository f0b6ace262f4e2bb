using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>
/// The whole <see cref="DemandForecaster"/> under evaluation, as a cluster runs it: all series of a file in one round,
/// a round after every sample. It takes over at the first calibration origin, like a controller that finds a history,
/// and its record grows from there; only rounds at test origins are scored.
/// </summary>
internal sealed class ActingForecast(IReadOnlyList<ProtocolTask> tasks, int historyCapacity)
{
    public const string MethodName = "acting";

    /// <summary>What all candidates say together, on every series and always: what acts without its gates.</summary>
    public const string UngatedName = Combination.MethodName;

    private readonly LoadHistory[] _histories = [.. tasks.Select(_ => new LoadHistory(historyCapacity))];
    private readonly SeriesView[] _views = new SeriesView[tasks.Count];
    private int _known;

    /// <param name="forecaster">A new one: it has seen no series.</param>
    /// <param name="take">Called with each test origin and the round made there.</param>
    /// <param name="advanced">Called with the forecasts made since the last call.</param>
    public void Run(DemandForecaster forecaster, Action<int, ForecastRound> take, Action<int> advanced)
    {
        var (runIn, test) = (tasks[0].CalibrationOrigins, tasks[0].TestOrigins);
        for (var place = 0; place < runIn.Count; place++)
        {
            Ask(forecaster, runIn[place]);
            advanced(tasks.Count);
        }

        for (var place = 0; place < test.Count; place++)
        {
            take(test[place], Ask(forecaster, test[place]));
            advanced(tasks.Count);
        }
    }

    /// <summary>What a round says of a series under one of the two names.</summary>
    public static double[] Values(SeriesForecast series, string method)
        => (method == UngatedName ? series.Combined! : series.Forecast).Values;

    private ForecastRound Ask(DemandForecaster forecaster, int origin)
    {
        for (; _known <= origin; _known++)
        {
            for (var i = 0; i < tasks.Count; i++)
            {
                _histories[i].Append(tasks[i].Values[_known]);
            }
        }

        for (var i = 0; i < tasks.Count; i++)
        {
            _views[i] = new SeriesView(new SeriesId(i), _histories[i], tasks[i].ShapeAt(origin));
        }

        return forecaster.Forecast(_views, ProtocolTask.Steps);
    }
}
