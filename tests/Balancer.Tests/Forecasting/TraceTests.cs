using System.Globalization;
using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>
/// Runs the whole forecaster over real loads, sample by sample as a controller would. The traces are not part of the
/// repository: SHARDSTORE_TRACES names their folder, and without it this says that it skips.
/// </summary>
public class TraceTests(ITestOutputHelper output)
{
    private const int Steps = 12;
    private const int SeriesMax = 16;
    private const int SamplesMax = 1200;

    [Fact]
    public void What_acts_is_better_than_the_last_value_on_real_loads()
    {
        var folder = Environment.GetEnvironmentVariable("SHARDSTORE_TRACES");
        if (string.IsNullOrEmpty(folder))
        {
            output.WriteLine("Skipped: SHARDSTORE_TRACES names no folder with load traces.");
            return;
        }

        // Single series of one column, every third in the order of their names.
        var paths = Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal)
            .Where(p => File.ReadLines(p).First(l => l[0] != '#') == "timestamp,value")
            .Where((_, i) => i % 3 == 0).Take(SeriesMax).ToArray();
        var (logs, count) = (0.0, 0);
        foreach (var path in paths)
        {
            var score = Replay(path);
            logs += Math.Log(score.Error);
            count++;
            output.WriteLine($"{Path.GetFileNameWithoutExtension(path)}: {score}");
        }

        output.WriteLine($"geometric mean of the error relative to the last value: {Math.Exp(logs / count):F3}");
        Assert.True(Math.Exp(logs / count) < 0.95);
    }

    private static Score Replay(string path)
    {
        var lines = File.ReadLines(path).ToArray();
        var season = int.Parse(Head(lines, "# season_steps:"), CultureInfo.InvariantCulture);
        var stepSeconds = double.Parse(Head(lines, "# interval_s:"), CultureInfo.InvariantCulture);
        var shape = new SeriesShape(stepSeconds, season, 0);
        var values = lines.Where(l => char.IsAsciiDigit(l[0]))
            .Select(l => double.Parse(l[(l.IndexOf(',') + 1)..], CultureInfo.InvariantCulture)).ToArray();
        var first = (int)(0.6 * values.Length);
        var history = GeneratedLoad.History(values.AsSpan(0, first), 4096);
        var forecaster = new DemandForecaster([ShippedModel.Lstm]);
        var score = new Score();
        for (var i = first; i < Math.Min(values.Length - Steps, first + SamplesMax); i++)
        {
            var round = forecaster.Forecast([new SeriesView(new SeriesId(1), history, shape)], Steps);
            score.Add(round.Series[0].Forecast, history.Values[^1], values.AsSpan(i, Steps));
            history.Append(values[i]);
        }

        return score;
    }

    private static string Head(string[] lines, string key)
        => lines.First(l => l.StartsWith(key, StringComparison.Ordinal))[key.Length..];

    private sealed class Score
    {
        private readonly SortedDictionary<string, int> _acting = new(StringComparer.Ordinal);
        private double _error;
        private double _naive;
        private int _covered;
        private int _count;

        public double Error => _error / _naive;

        public void Add(QuantileForecast forecast, double last, ReadOnlySpan<double> truth)
        {
            _acting[forecast.Method] = _acting.GetValueOrDefault(forecast.Method) + 1;
            for (var step = 1; step <= truth.Length; step++, _count++)
            {
                _error += Math.Abs(truth[step - 1] - forecast.At(step, 0.5));
                _naive += Math.Abs(truth[step - 1] - last);
                _covered += truth[step - 1] <= forecast.At(step, 0.9) ? 1 : 0;
            }
        }

        public override string ToString()
        {
            var acting = string.Join(", ", _acting.Select(a => $"{a.Key} {a.Value}"));
            return $"error {Error:F2}, cover {_covered / (double)_count:F3}, acting: {acting}";
        }
    }
}
