using System.Globalization;
using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>
/// The forecasters that leave no choice open, on real loads, to the digit of figures computed elsewhere by another
/// program. Both the traces (SHARDSTORE_TRACES) and the figures beside their folder (reference.csv, tasks.csv) are not
/// part of the repository; without them this says that it skips.
/// </summary>
public class ProtocolTests(ITestOutputHelper output)
{
    private const int Steps = ForecastLevels.StepsMax;

    /// <summary>Every fifth series: the figures are means over thousands of origins each.</summary>
    private const int EverySeries = 5;

    public static TheoryData<string, string> Methods => new()
    {
        { "naive", LastValue.MethodName },
        { "snaive", SeasonalNaive.MethodName },
        { "mean12", RecentMean.MethodName },
        { "ses", SimpleSmoothing.MethodName },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Agrees_with_the_reference_to_its_digits(string reference, string method)
    {
        var folder = Environment.GetEnvironmentVariable("SHARDSTORE_TRACES");
        var figures = string.IsNullOrEmpty(folder) ? "" : Path.Combine(folder, "..", "reference.csv");
        if (!File.Exists(figures))
        {
            output.WriteLine("Skipped: SHARDSTORE_TRACES names no folder with figures beside it.");
            return;
        }

        var tasks = File.ReadLines(Path.Combine(folder!, "..", "tasks.csv")).Skip(1).Select(l => l.Split(','))
            .Where((t, i) => i % EverySeries == 0 && t[1] == "value").ToArray();
        var expected = File.ReadLines(figures).Skip(1).Select(l => l.Split(','))
            .Where(f => f[0] == "single" && f[2] == reference).ToLookup(f => (f[1], Whole(f[3])), f => f);
        var forecaster = Assert.Single(StatisticalForecasters.Create(), f => f.Name == method);
        foreach (var task in tasks)
        {
            var errors = MeanErrors(forecaster, Read(Path.Combine(folder!, task[0] + ".csv")), task);
            foreach (var horizon in new[] { 1, 6, 12, 30 })
            {
                var figure = Number(Assert.Single(expected[(task[0], horizon)])[5]);
                Assert.True(
                    Math.Abs(errors[horizon] - figure) <= 6e-5 * figure,
                    $"{task[0]} at {horizon}: {errors[horizon]} instead of {figure}");
            }
        }

        output.WriteLine($"{method}: {tasks.Length} series agree");
    }

    /// <summary>By horizon: mean absolute error over all test origins and the steps up to it, in steps of the train
    /// part.</summary>
    private static double[] MeanErrors(IDemandForecaster forecaster, double[] values, string[] task)
    {
        var (season, context) = (Whole(task[4]), Whole(task[5]));
        var (first, last, scale) = (Whole(task[8]), Whole(task[9]), Number(task[10]));
        var shape = new SeriesShape(300, season > 1 ? season : 0, 0);
        // The context is all a short-history method sees; the season before lies further back.
        var known = forecaster is SeasonalNaive ? Math.Max(context, season + Steps + ErrorSample.OriginsMin) : context;
        var fit = forecaster.Fit(values.AsSpan(0, first + 1), shape);
        var sums = new double[Steps + 1];
        for (var origin = first; origin <= last; origin++)
        {
            var from = Math.Max(0, origin + 1 - known);
            var input = new ForecastInput(values.AsMemory(from, origin + 1 - from), shape, fit);
            var forecast = forecaster.Forecast(input, Steps);
            for (var step = 1; step <= Steps; step++)
            {
                sums[step] += Math.Abs(values[origin + step] - forecast.At(step, 0.5));
            }
        }

        for (var step = 1; step <= Steps; step++)
        {
            sums[step] += sums[step - 1];
        }

        return [.. sums.Select((s, step) => s / Math.Max(1, step) / (last - first + 1) / scale)];
    }

    private static double[] Read(string path)
        => [.. File.ReadLines(path).Where(l => char.IsAsciiDigit(l[0])).Select(l => Number(l[(l.IndexOf(',') + 1)..]))];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
