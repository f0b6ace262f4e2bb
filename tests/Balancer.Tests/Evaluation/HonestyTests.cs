using ShardStore.Balancer.Evaluation;
using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Tests.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Evaluation;

/// <summary>An evaluation is worth nothing when a forecast has seen what it is scored on.</summary>
public class HonestyTests
{
    private const int Count = 420;
    private const int LastSame = 300;

    public static TheoryData<string> Methods => [.. MethodCatalog.Names];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_forecast_does_not_depend_on_what_comes_after_its_origin(string method)
    {
        var one = Forecasts(method, i => Value(i, seed: 1));
        var other = Forecasts(method, i => Value(i, seed: i <= LastSame ? 1 : 2));
        Assert.Equal(LastSame, one.Keys.Max());
        Assert.Equal(one.Keys, other.Keys);
        Assert.All(one, made => Assert.Equal(made.Value, other[made.Key]));
    }

    [Fact]
    public void The_same_input_gives_the_same_scores()
    {
        var file = MadeTrace.Single(Count, 24, i => Value(i, seed: 3));
        var (one, two) = (MadeTrace.Evaluate(file, "lstm", "acting"), MadeTrace.Evaluate(file, "lstm", "acting"));
        Assert.Equal(3, one.Scores.Count);
        Assert.Equal(one.Scores.SelectMany(score => score.Errors), two.Scores.SelectMany(score => score.Errors));
        Assert.Equal(one.Scores.SelectMany(score => score.Pinballs), two.Scores.SelectMany(score => score.Pinballs));
    }

    [Fact]
    public void What_acts_is_better_than_the_last_value_on_a_load_with_a_day()
    {
        var scores = MadeTrace.Evaluate(MadeTrace.Single(Count, 24, i => Value(i, seed: 4)), "acting");
        var ratio = SeriesScores.MeanTo(scores.Of("acting").Errors, 12)
            / SeriesScores.MeanTo(scores.Of("naive").Errors, 12);
        Assert.True(ratio < 0.7, $"relative error {ratio}");
    }

    /// <summary>A day of 24 steps, and a tenth of it noise that depends on the place alone.</summary>
    private static double Value(int i, int seed)
        => 100 + (60 * Math.Sin(2 * Math.PI * i / 24)) + (12 * new Random((i * 1000) + seed).NextDouble());

    /// <summary>What a method says at each test origin up to <see cref="LastSame"/>.</summary>
    private static SortedDictionary<int, double[]> Forecasts(string method, Func<int, double> value)
    {
        var task = new ProtocolTask(MadeTrace.Single(Count, 24, value), 0);
        var made = new SortedDictionary<int, double[]>();
        var methods = MethodCatalog.Create([method], ShippedModel.Lstm);
        if (methods.Acting is { } acting)
        {
            new ActingForecast([task], Count).Run(
                acting(),
                (origin, round) =>
                {
                    if (origin <= LastSame)
                    {
                        made[origin] = ActingForecast.Values(round.Series[0], method);
                    }
                },
                _ => { });
            return made;
        }

        var one = methods.Methods.Single(m => m.Name == method);
        var band = one.IsPoint ? PointBand.Calibrate(one, task) : null;
        one.Run(task, task.TestOrigins, (origin, values) =>
        {
            if (origin <= LastSame)
            {
                made[origin] = (band is null ? values : band.Around(values)).ToArray();
            }
        });
        Assert.All(made.Values, values => Assert.Equal(ForecastLevels.StepsMax * ForecastLevels.Count, values.Length));
        return made;
    }
}
