using System.Diagnostics;
using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>Memory and processor time are the whole process's, so that nothing else runs beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class MeasuredAlone
{
    public const string Name = "measured alone";
}

[Collection(MeasuredAlone.Name)]
public class ForecastCostTests(ITestOutputHelper output)
{
    [Fact]
    public void A_round_with_every_model_is_short_and_its_state_small()
    {
        const int count = 64;
        const int rounds = FitRenewal.EverySamples;
        var forecaster = DemandForecaster.Standard(ShippedModel.Lstm, null, Stopwatch.GetTimestamp);
        var views = Enumerable.Range(0, count)
            .Select(i => GeneratedLoad.History(GeneratedLoad.DayCurve(1200, 30, i)))
            .Select((history, i) => new SeriesView(new SeriesId(i), history, GeneratedLoad.Daily)).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var warmUps = Seconds(() =>
        {
            for (var done = 0; done < count; done += DemandForecaster.WarmUpsPerRoundMax)
            {
                forecaster.Forecast(views, ForecastLevels.StepsMax);
            }
        });
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        var cached = Seconds(() => forecaster.Forecast(views, ForecastLevels.StepsMax));
        var costs = new SortedDictionary<string, (long Fit, long Forecast)>(StringComparer.Ordinal);
        var seconds = Seconds(() =>
        {
            for (var i = 0; i < rounds; i++)
            {
                Array.ForEach(views, v => v.History.Append(1000));
                foreach (var time in forecaster.Forecast(views, ForecastLevels.StepsMax).Times)
                {
                    var (fit, forecast) = costs.GetValueOrDefault(time.Name);
                    costs[time.Name] = (fit + time.FitTicks, forecast + time.ForecastTicks);
                }
            }
        });
        var perThousand = seconds * 1000 / (count * rounds);
        var scale = 1e6 / Stopwatch.Frequency / (count * rounds);
        output.WriteLine($"1,000 series x 30 steps: a round {perThousand:F2} s of processor, warm-up of one "
            + $"{warmUps * 1e3 / count:F0} ms, state {bytes / 1024} KiB a series; by the clock, ms fits + forecasts: "
            + string.Join(", ", costs.Select(
                c => $"{c.Key} {c.Value.Fit * scale:F0} + {c.Value.Forecast * scale:F0}")));
        // Wide bounds: a guard against quadratic work on a busy machine, not a benchmark.
        Assert.True(perThousand < 20, $"{perThousand:F2} s");
        Assert.True(cached < seconds / rounds / 4, $"nothing new: {cached * 1e3:F1} ms of {seconds / rounds * 1e3:F1}");
        Assert.InRange(bytes, 1, 128 * 1024);
    }

    /// <summary>Processor time: on a busy machine the clock tells more of the others.</summary>
    private static double Seconds(Action action)
    {
        var started = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - started).TotalSeconds;
    }
}
