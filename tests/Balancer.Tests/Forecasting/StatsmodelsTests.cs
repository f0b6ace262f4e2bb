using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>ARIMA and Holt-Winters beside statsmodels: to many digits where both are given the same numbers, within a
/// small part of the noise where each estimates its own.</summary>
public class StatsmodelsTests(ITestOutputHelper output)
{
    public static TheoryData<string> ArimaNames => new(StatsmodelsCases.Arima.Select(c => c.Name));

    public static TheoryData<string> HoltWintersNames => new(StatsmodelsCases.HoltWinters.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(ArimaNames))]
    public void An_ARIMA_model_with_given_numbers_forecasts_the_same(string name)
    {
        var known = Arima(name);
        var model = new ArimaModel(known.Order, known.Mean, known.Values, known.Errors, known.Variance);
        var path = new double[known.Forecast.Length];
        model.Trace(known.Series, path);
        var deviations = model.Deviations(path.Length);
        for (var step = 0; step < path.Length; step++)
        {
            Assert.Equal(known.Forecast[step], path[step], 1e-4 * known.Deviations[step]);
            Assert.Equal(known.Deviations[step], deviations[step], 1e-4 * known.Deviations[step]);
        }
    }

    [Theory]
    [MemberData(nameof(ArimaNames))]
    public void An_ARIMA_model_of_a_given_order_is_estimated_alike(string name)
    {
        var known = Arima(name);
        var differenced = known.Order.Difference(known.Series);
        var targets = differenced.Length - HannanRissanen.LongOrder - ArimaOrder.ErrorsMax;
        var start = new HannanRissanen(known.Order, differenced, targets).Model(known.Order);
        Assert.NotNull(start);
        var model = new ConditionalSquares(differenced, targets).Refine(start);
        output.WriteLine($"φ {string.Join(", ", model.ValueWeights)}; θ {string.Join(", ", model.ErrorWeights)}; "
            + $"mean {model.Mean}; variance {model.Variance}");
        // A third of what such estimates are uncertain by where φ and θ nearly cancel.
        AssertNear(known.Values, model.ValueWeights, 0.03);
        AssertNear(known.Errors, model.ErrorWeights, 0.03);
        Assert.Equal(known.Variance, model.Variance, 0.02 * known.Variance);
        Assert.Equal(known.Mean, model.Mean, 0.1);
        var path = new double[known.Forecast.Length];
        model.Trace(known.Series, path);
        for (var step = 0; step < path.Length; step++)
        {
            Assert.Equal(known.Forecast[step], path[step], 0.06 * known.Deviations[step]);
        }
    }

    [Theory]
    [MemberData(nameof(ArimaNames))]
    public void The_order_chosen_explains_what_the_true_one_does(string name)
    {
        var known = Arima(name);
        var model = ArimaSearch.Best(known.Series, known.Shape);
        output.WriteLine($"{known.Order} -> {model.Order}, variance {model.Variance} of {known.Variance}");
        Assert.InRange(model.Variance / known.Variance, 0.9, 1.05);
        var path = new double[known.Forecast.Length];
        model.Trace(known.Series, path);
        for (var step = 0; step < 6; step++)
        {
            Assert.Equal(known.Forecast[step], path[step], 0.5 * known.Deviations[step]);
        }
    }

    [Theory]
    [MemberData(nameof(HoltWintersNames))]
    public void Holt_Winters_with_given_weights_forecasts_the_same(string name)
    {
        var known = Assert.Single(StatsmodelsCases.HoltWinters, c => c.Name == name);
        var weights = new SmoothingWeights(known.Level, known.Trend, known.Seasonal, known.Damping);
        var state = new SeasonalLevel(weights, 100, known.StartTrend, (double[])known.StartSeason.Clone());
        foreach (var value in known.Series)
        {
            state.Observe(value);
        }

        var path = new double[known.Given.Length];
        state.Trace(path);
        for (var step = 1; step <= path.Length; step++)
        {
            // A whole number of seasons ahead statsmodels 0.13 takes the season's value from before its last update.
            if (step % known.Season != 0)
            {
                Assert.Equal(known.Given[step - 1], path[step - 1], 1e-7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(HoltWintersNames))]
    public void Holt_Winters_that_chooses_its_weights_forecasts_alike(string name)
    {
        var known = Assert.Single(StatsmodelsCases.HoltWinters, c => c.Name == name);
        var forecast = new HoltWinters().Forecast(
            known.Series, new SeriesShape(60, known.Season, 0), known.Estimated.Length);
        var apart = Enumerable.Range(0, known.Estimated.Length)
            .Average(i => Math.Abs(known.Estimated[i] - forecast.At(i + 1, 0.5)));
        output.WriteLine($"mean distance {apart:F2} on noise of deviation 2");
        Assert.True(apart < 1, $"{apart}");
    }

    private static StatsmodelsCases.ArimaCase Arima(string name)
        => Assert.Single(StatsmodelsCases.Arima, c => c.Name == name);

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
