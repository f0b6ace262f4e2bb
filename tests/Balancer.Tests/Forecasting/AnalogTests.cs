using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class AnalogTests
{
    private const int Steps = ForecastLevels.StepsMax;
    private const int Cycle = 41;

    [Fact]
    public void The_upper_quantile_is_near_in_calm_and_far_before_a_burst()
    {
        // Every 41 steps a rise to 120 for three, then in half of the cycles a burst to 400.
        var values = Bursts(3000, seed: 51);
        var calm = Cut(values, atInCycle: 15);
        var risen = Cut(values, atInCycle: 2);
        var analog = new Analog();
        var inCalm = analog.Forecast(calm, SeriesShape.WithoutSeason(60), 6);
        var afterRise = analog.Forecast(risen, SeriesShape.WithoutSeason(60), 6);
        Assert.InRange(inCalm.At(1, 0.9), 90, 130);
        Assert.InRange(afterRise.At(1, 0.9), 350, 450);
        // What puts the errors of all times around its point cannot tell the two apart.
        var ridge = new DirectRidge();
        var (ridgeCalm, ridgeRisen) = (
            ridge.Forecast(calm, SeriesShape.WithoutSeason(60), 6),
            ridge.Forecast(risen, SeriesShape.WithoutSeason(60), 6));
        Assert.True(Width(afterRise, 1) > 4 * Width(inCalm, 1));
        Assert.InRange(Width(ridgeRisen, 1), 0.8 * Width(ridgeCalm, 1), 1.2 * Width(ridgeCalm, 1));
    }

    [Fact]
    public void The_nearest_states_are_those_of_the_same_phase()
    {
        var values = new double[40 * Cycle];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 100 + (i % Cycle * (i % Cycle));
        }

        var weights = WeightsOf(values, SeriesShape.WithoutSeason(60));
        var nearest = AnalogSearch.Nearest(values, weights, 12);
        Assert.Equal(12, nearest.Distinct().Count());
        Assert.All(nearest, state => Assert.Equal((values.Length - 1) % Cycle, state % Cycle));
        Assert.All(nearest, state => Assert.InRange(state, weights.HistoryMin - 1, values.Length - 1 - Steps));
    }

    [Fact]
    public void The_nearest_are_nearer_than_all_others()
    {
        var values = GeneratedLoad.DayCurve(4 * GeneratedLoad.DaySteps, noise: 40, seed: 52);
        var weights = WeightsOf(values, GeneratedLoad.Daily);
        Assert.True(weights.Back > 0);
        var near = AnalogSearch.Nearest(values, weights, 64);
        var all = Enumerable.Range(weights.HistoryMin - 1, values.Length - Steps - weights.HistoryMin + 1).ToArray();
        Assert.Equal(all, AnalogSearch.Nearest(values, weights, all.Length).Order());
        // More of them come from the same half of the day's curve than chance would bring.
        Assert.True(Off(near) < 0.5 * Off(all), $"{Off(near):F1} of {Off(all):F1}");

        double Off(int[] states) => states.Average(state => Math.Abs(Phase(state) - Phase(values.Length - 1)));

        static double Phase(int state) => Math.Sin(2 * Math.PI * state / GeneratedLoad.DaySteps);
    }

    [Fact]
    public void With_too_few_states_it_answers_as_the_regression_does()
    {
        foreach (var count in new[] { 20, 130, 150 })
        {
            var values = GeneratedLoad.WhiteNoise(count, seed: 53);
            var ridge = new DirectRidge().Forecast(values, SeriesShape.WithoutSeason(60), Steps);
            var analog = new Analog().Forecast(values, SeriesShape.WithoutSeason(60), Steps);
            Assert.Equal(ridge.Values, analog.Values);
            Assert.Equal(ridge.State, analog.State);
            Assert.Equal(Analog.MethodName, analog.Method);
        }
    }

    [Fact]
    public void Columns_are_sorted_each_for_itself()
    {
        var random = new Random(54);
        foreach (var count in new[] { 1, 2, 3, 17, 256 })
        {
            const int width = 8;
            var rows = Enumerable.Range(0, count * width).Select(_ => (double)random.Next(50)).ToArray();
            var columns = Enumerable.Range(0, width)
                .Select(column => Enumerable.Range(0, count).Select(row => rows[(row * width) + column]).Order())
                .Select(column => column.ToArray()).ToArray();
            SortedColumns.Sort(rows, width);
            for (var column = 0; column < width; column++)
            {
                Assert.Equal(
                    columns[column], Enumerable.Range(0, count).Select(row => rows[(row * width) + column]));
                Assert.Equal(columns[column][0], SortedColumns.Quantile(rows, width, column, 0));
                Assert.Equal(columns[column][^1], SortedColumns.Quantile(rows, width, column, 1));
            }
        }

        Assert.Equal(2.25, SortedColumns.Quantile([1, 0, 2, 0, 3, 0], width: 2, column: 0, 0.625));
    }

    private static double Width(QuantileForecast forecast, int step) => forecast.At(step, 0.9) - forecast.At(step, 0.5);

    private static RidgeWeights WeightsOf(double[] values, SeriesShape shape)
        => Assert.IsType<DirectRidge.RidgeFit>(new DirectRidge().Fit(values, shape)).Weights;

    private static double[] Cut(double[] values, int atInCycle)
        => values[..((values.Length / Cycle * Cycle) - Cycle + atInCycle + 1)];

    private static double[] Bursts(int count, int seed)
    {
        var random = new Random(seed);
        var values = new double[count];
        var bursts = false;
        for (var i = 0; i < count; i++)
        {
            var phase = i % Cycle;
            bursts = phase == 0 ? random.NextDouble() < 0.5 : bursts;
            values[i] = (random.NextDouble() * 4) + (phase < 3 ? 120 : phase < 9 && bursts ? 400 : 100);
        }

        return values;
    }
}
