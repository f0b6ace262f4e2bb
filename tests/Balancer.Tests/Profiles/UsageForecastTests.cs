using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Tests.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Profiles;

/// <summary>Forecasts of loads of which profiles tell something.</summary>
public class UsageForecastTests(ITestOutputHelper output)
{
    private const int Steps = ForecastLevels.StepsMax;
    private const int Day = GeneratedLoad.DaySteps;
    private const int StepMinutes = 5;

    /// <summary>Monday 2026-06-01 00:00 UTC as a grid position: where all loads here begin.</summary>
    private const long FirstStep = 20_605L * Day;

    [Fact]
    public void An_event_that_never_happened_raises_the_forecast_in_its_steps_and_only_there()
    {
        var values = GeneratedLoad.DayCurve(10 * Day, noise: 30, seed: 71);
        var sale = Event("sale", values.Length + 6, steps: 12, factor: 10);

        var blind = Ask(values, null);
        var informed = Ask(values, sale);

        for (var step = 1; step <= Steps; step++)
        {
            var inSale = step is > 6 and <= 18;
            foreach (var level in ForecastLevels.All)
            {
                var expected = blind.Forecast.At(step, level) * (inSale ? 10 : 1);
                Assert.Equal(expected, informed.Forecast.At(step, level), 1e-9 * expected);
            }
        }

        var part = Assert.Single(informed.Parts);
        Assert.Equal((UsageKind.Event, "sale", 1.0), (part.Kind, part.Name, part.CameTrue));
        Assert.Equal(1, part.Multipliers[5]);
        Assert.Equal(10, part.Multipliers[6], 9);
        Assert.Empty(blind.Parts);
    }

    [Fact]
    public void A_window_that_the_history_has_had_for_weeks_does_not_count_twice()
    {
        var usage = Window("morning", startHour: 9, endHour: 11, factor: 2);
        var values = WithWindow(14 * Day, came: 2, seed: 72);
        // At 8:00, so that the window begins with step 13; and at 9:30, inside of it.
        foreach (var now in new[] { (13 * Day) + (8 * 12), (13 * Day) + (19 * 6) })
        {
            var blind = Ask(values[..now], null);
            var informed = Ask(values[..now], usage);
            var (error, blindError) = (Error(informed, values, now), Error(blind, values, now));
            output.WriteLine($"at {now}: error {error:P1}, without profile {blindError:P1}, "
                + $"came true {informed.Parts[0].CameTrue:F2}");
            Assert.True(error < 0.06, $"error {error:P1}, without profile {blindError:P1}");
            Assert.True(error < blindError + 0.01, $"error {error:P1}, without profile {blindError:P1}");
            Assert.InRange(informed.Parts[0].CameTrue, 0.9, 1.1);
        }
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 1.5)]
    [InlineData(10, 2)]
    public void A_window_that_does_less_than_declared_is_believed_less(double declared, double came)
    {
        var usage = Window("morning", startHour: 9, endHour: 11, declared);
        var values = WithWindow(14 * Day, came, seed: 73);
        const int now = (13 * Day) + (8 * 12);

        var informed = Ask(values[..now], usage);

        var error = Error(informed, values, now);
        output.WriteLine($"error {error:P1}, came true {informed.Parts[0].CameTrue:F2}");
        Assert.Equal(came, Math.Pow(declared, informed.Parts[0].CameTrue), 0.2);
        Assert.True(error < 0.06, $"error {error:P1}");
    }

    [Fact]
    public void An_event_that_does_less_than_declared_is_believed_less_from_sample_to_sample()
    {
        var values = GeneratedLoad.DayCurve(6 * Day, noise: 20, seed: 74);
        const int start = (5 * Day) + 60;
        for (var i = start; i < start + 36; i++)
        {
            values[i] *= 2;
        }

        var usage = Event("sale", start, steps: 36, factor: 10);
        var forecaster = DemandForecaster.Standard(null);
        var history = GridHistory(values[..(start - 1)]);
        var errors = new List<double>();
        for (var now = start; now <= start + 30; now++)
        {
            history.TryAppend(FirstStep + now - 1, values[now - 1]);
            var answer = Ask(forecaster, history, usage);
            // At the sixth step ahead, while that is still in the event.
            errors.Add(answer.Forecast.At(6, 0.5) / values[now + 5]);
        }

        output.WriteLine(string.Join(' ', errors.Select(e => $"{e:F2}")));
        Assert.Equal(5, errors[0], 0.5);
        Assert.InRange(errors[3], 0.8, 3);
        Assert.All(errors[12..], ratio => Assert.InRange(ratio, 0.7, 1.5));
    }

    [Fact]
    public void The_end_of_an_event_is_foreseen()
    {
        var values = GeneratedLoad.DayCurve(6 * Day, noise: 20, seed: 75);
        const int start = (5 * Day) + 60;
        for (var i = start; i < start + 24; i++)
        {
            values[i] *= 8;
        }

        const int now = start + 18;
        var informed = Ask(values[..now], Event("sale", start, steps: 24, factor: 8));
        var blind = Ask(values[..now], null);

        output.WriteLine($"informed {Error(informed, values, now):P1}, blind {Error(blind, values, now):P1}");
        Assert.True(Error(informed, values, now) < 0.1);
        Assert.True(Error(blind, values, now) > 0.5);
    }

    [Fact]
    public void What_one_event_was_worth_is_expected_of_the_next_of_that_name()
    {
        var values = GeneratedLoad.DayCurve(10 * Day, noise: 20, seed: 76);
        for (var i = 4 * Day; i < (4 * Day) + 24; i++)
        {
            values[i] *= 3;
        }

        var profile = new UsageProfile
        {
            Shards = [1],
            Events = [At("sale", 4 * Day, 24, 9), At("sale", values.Length + 3, 24, 9), At("talk", 3 * Day, 24, 9)],
        };
        var informed = Ask(values, KnownUsage.Of([profile], 1));

        // Half the exponent came true; the declaration still weighs a fifth.
        var sale = Assert.Single(informed.Parts);
        Assert.Equal("sale", sale.Name);
        Assert.InRange(sale.CameTrue, 0.5, 0.65);
    }

    [Fact]
    public void Growth_that_is_told_is_added_to_what_the_season_repeats()
    {
        var values = GeneratedLoad.DayCurve(2 * Day, noise: 10, seed: 77);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= Math.Pow(1.5, i / (double)Day);
        }

        var grown = KnownUsage.Of([new UsageProfile { Shards = [1], GrowthPercentPerDay = 50 }], 1);
        var seasonal = new DemandForecaster([new SeasonalNaive()], [], ForecastTuning.Default, null, null);
        var seasonalGrown = new DemandForecaster([new SeasonalNaive()], [], ForecastTuning.Default, null, null);
        var now = values.Length - Steps;

        var blind = Ask(seasonal, GridHistory(values[..now]), null);
        var informed = Ask(seasonalGrown, GridHistory(values[..now]), grown);

        var part = Assert.Single(informed.Parts);
        Assert.Equal((UsageKind.Growth, "growth"), (part.Kind, part.Name));
        Assert.Equal(Math.Pow(1.5, Steps / (double)Day), part.Multipliers[^1], 9);
        Assert.True(Error(blind, values, now) > 0.25, $"{Error(blind, values, now):P1}");
        Assert.True(Error(informed, values, now) < 0.05, $"{Error(informed, values, now):P1}");
    }

    [Fact]
    public void Growth_that_does_not_come_is_believed_less_and_less()
    {
        var values = GeneratedLoad.DayCurve(14 * Day, noise: 10, seed: 78);
        var grown = KnownUsage.Of([new UsageProfile { Shards = [1], GrowthPercentPerDay = 20 }], 1);

        var informed = Ask(values, grown);

        Assert.InRange(Assert.Single(informed.Parts).CameTrue, 0, 0.25);
    }

    [Fact]
    public void Without_effect_on_its_time_a_profile_changes_no_bit()
    {
        var values = GeneratedLoad.DayCurve(5 * Day, noise: 30, seed: 79);
        var longAgo = Event("long ago", -50 * Day, steps: 12, factor: 10);
        var forecasters = (DemandForecaster.Standard(null), DemandForecaster.Standard(null));
        var (plain, told) = (GridHistory(values[..(4 * Day)]), GridHistory(values[..(4 * Day)]));
        foreach (var (value, i) in values[(4 * Day)..].Select((v, i) => (v, i)))
        {
            var (a, b) = (Ask(forecasters.Item1, plain, null), Ask(forecasters.Item2, told, longAgo));
            Assert.Equal(a.Forecast.Values, b.Forecast.Values);
            Assert.Equal(a.Losses, b.Losses);
            plain.TryAppend(FirstStep + (4 * Day) + i, i % 7 == 0 ? double.NaN : value);
            told.TryAppend(FirstStep + (4 * Day) + i, i % 7 == 0 ? double.NaN : value);
        }
    }

    [Fact]
    public void The_same_rounds_give_the_same_answers()
    {
        Assert.Equal(Transcript(), Transcript());

        static string Transcript()
        {
            var forecaster = DemandForecaster.Standard(null);
            var usage = Window("morning", 9, 11, 2);
            var values = WithWindow(5 * Day, came: 1.5, seed: 80);
            var history = GridHistory(values[..(4 * Day)]);
            var lines = new List<string>();
            for (var i = 4 * Day; i < (4 * Day) + 160; i++)
            {
                history.TryAppend(FirstStep + i, values[i]);
                var answer = Ask(forecaster, history, usage);
                lines.Add($"{answer.Forecast.Method} {answer.Forecast.At(Steps, 0.9):R} {answer.Losses[3]}"
                    + string.Join(',', answer.Parts.Select(p => $"{p.CameTrue:R}")));
            }

            return string.Join('\n', lines);
        }
    }

    [Fact]
    public void An_edited_profile_starts_the_record_anew_and_an_equal_one_does_not()
    {
        var values = GeneratedLoad.DayCurve(5 * Day, noise: 30, seed: 81);
        var forecaster = DemandForecaster.Standard(null);
        var history = GridHistory(values[..^40]);
        Ask(forecaster, history, Event("sale", values.Length + 5, 12, 10));
        foreach (var value in values[^40..^1])
        {
            history.Append(value);
            Ask(forecaster, history, Event("sale", values.Length + 5, 12, 10));
        }

        var grownUp = Ask(forecaster, history, Event("sale", values.Length + 5, 12, 10)).Losses[0].ScoredForecasts;
        var edited = Ask(forecaster, history, Event("sale", values.Length + 5, 12, 9)).Losses[0].ScoredForecasts;
        var withdrawn = Ask(forecaster, history, null).Losses[0].ScoredForecasts;

        Assert.True(grownUp > 32, $"{grownUp}");
        Assert.Equal(32, edited);
        Assert.Equal(32, withdrawn);
    }

    [Fact]
    public void Loads_at_the_edges_stay_ordered_and_finite()
    {
        var usage = KnownUsage.Of(
            [
                new UsageProfile
                {
                    Shards = [1],
                    GrowthPercentPerDay = 100,
                    Windows = [new UsageWindow { Name = "w", Start = "00:30", End = "00:00", Factor = 1000 }],
                    Events = [At("e", 3 * Day, 288, 1000), At("f", (5 * Day) - 20, 288, 0.001)],
                },
            ],
            1);
        double[][] loads =
        [
            [], [5], GeneratedLoad.Constant(5 * Day, 0), GeneratedLoad.Constant(5 * Day, 1e300),
            [.. GeneratedLoad.Constant(5 * Day, -3).Select((v, i) => v * i)],
        ];
        foreach (var values in loads)
        {
            var answer = Ask(values, usage);
            ForecastShape.AssertOrdered(answer.Forecast);
            Assert.All(answer.Forecast.Values, v => Assert.True(double.IsFinite(v)));
            Assert.Equal(values.Length, answer.HistoryCount);
        }
    }

    private static double Error(SeriesForecast answer, double[] values, int now)
        => Enumerable.Range(1, Steps).Average(
            step => Math.Abs(answer.Forecast.At(step, 0.5) - values[now + step - 1]) / values[now + step - 1]);

    private static SeriesForecast Ask(double[] values, KnownUsage? usage)
        => Ask(DemandForecaster.Standard(null), GridHistory(values), usage);

    private static SeriesForecast Ask(DemandForecaster forecaster, LoadHistory history, KnownUsage? usage)
        => Assert.Single(forecaster.Forecast(
            [new SeriesView(new SeriesId(1), history, GeneratedLoad.Daily) { Usage = usage }], Steps).Series);

    private static LoadHistory GridHistory(double[] values)
    {
        var history = new LoadHistory(14 * Day);
        for (var i = 0; i < values.Length; i++)
        {
            history.TryAppend(FirstStep + i, values[i]);
        }

        return history;
    }

    /// <summary>A day curve that is <paramref name="came"/> times as high from 9 to 11 h UTC.</summary>
    private static double[] WithWindow(int count, double came, int seed)
    {
        var values = GeneratedLoad.DayCurve(count, noise: 20, seed);
        for (var i = 0; i < count; i++)
        {
            values[i] *= i % Day is >= 9 * 12 and < 11 * 12 ? came : 1;
        }

        return values;
    }

    private static KnownUsage Window(string name, int startHour, int endHour, double factor)
    {
        var window = new UsageWindow
        {
            Name = name,
            Start = $"{startHour:00}:00",
            End = $"{endHour:00}:00",
            Factor = factor,
        };
        return KnownUsage.Of([new UsageProfile { Shards = [1], Windows = [window] }], 1)!;
    }

    private static KnownUsage Event(string name, int start, int steps, double factor)
        => KnownUsage.Of([new UsageProfile { Shards = [1], Events = [At(name, start, steps, factor)] }], 1)!;

    private static UsageEvent At(string name, int start, int steps, double factor)
    {
        var begins = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(start * StepMinutes);
        return new UsageEvent
        {
            Name = name,
            Start = begins.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            Minutes = steps * StepMinutes,
            Factor = factor,
        };
    }
}
