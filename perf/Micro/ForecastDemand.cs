using BenchmarkDotNet.Attributes;
using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Micro;

/// <summary>What forecasting 30 steps of many series costs the controller: the model alone, and a whole round in which
/// every series has one new sample (all candidates, scores, choice).</summary>
[MemoryDiagnoser]
public class ForecastDemand
{
    private const int DaySteps = 288;
    private const int HistorySteps = 5 * DaySteps;

    private readonly LstmForecaster _lstm = LoadModel();
    private readonly DemandForecaster _forecaster;
    private SeriesView[] _series = [];
    private ForecastInput[] _inputs = [];

    public ForecastDemand() => _forecaster = DemandForecaster.Standard(_lstm);

    [Params(48, 1000)]
    public int Series { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _series = Enumerable.Range(0, Series)
            .Select(i => new SeriesView(new SeriesId(i), DayCurve(i), SeriesShape.Daily(300, 0))).ToArray();
        _inputs = Array.ConvertAll(_series, s => new ForecastInput(s.History.Samples, s.Shape));
        // The first rounds also start the record of each series: not what is measured.
        for (var done = 0; done < Series; done += DemandForecaster.WarmUpsPerRoundMax)
        {
            _forecaster.Forecast(_series, ForecastLevels.StepsMax);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _lstm.Dispose();

    [Benchmark]
    public double Model() => _lstm.ForecastMany(_inputs, ForecastLevels.StepsMax)[^1].At(30, 0.9);

    [Benchmark]
    public double Round()
    {
        foreach (var one in _series)
        {
            one.History.Append(one.History.Values[^DaySteps]);
        }

        return _forecaster.Forecast(_series, ForecastLevels.StepsMax).Series[^1].Forecast.At(30, 0.9);
    }

    private static LstmForecaster LoadModel()
        => LstmForecaster.TryLoadShipped(out var lstm, out var problem)
            ? lstm
            : throw new InvalidOperationException(problem);

    private static LoadHistory DayCurve(int seed)
    {
        var random = new Random(seed);
        var history = new LoadHistory(HistorySteps);
        for (var i = 0; i < HistorySteps; i++)
        {
            history.Append(1000 + (500 * Math.Sin(2 * Math.PI * i / DaySteps)) + (100 * random.NextDouble()));
        }

        return history;
    }
}
