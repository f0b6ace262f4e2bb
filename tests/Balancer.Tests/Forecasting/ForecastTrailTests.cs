using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ForecastTrailTests
{
    [Fact]
    public void It_pairs_what_was_said_twelve_steps_before_with_what_came()
    {
        var trail = new ForecastTrail(steps: 30);
        for (var position = -100; position < 100; position++)
        {
            if (position != 90)
            {
                trail.Observe(position, position);
            }

            trail.Add(position, Saying(position));
        }

        var past = trail.Until(99);

        Assert.Equal(ForecastTrail.LengthMax, past.Length);
        Assert.Equal(Enumerable.Range(52, 48).Select(step => (long)step), past.Select(one => one.Step));
        Assert.All(past, one => Assert.Equal(
            (one.Step - 12 + 0.1, one.Step - 12 + 0.5, one.Step - 12 + 0.9), (one.Low, one.Median, one.High)));
        Assert.All(past, one => Assert.Equal(one.Step == 90 ? double.NaN : one.Step, one.Came));
    }

    [Fact]
    public void What_nothing_was_said_of_is_left_out_and_a_short_forecast_is_kept_at_its_end()
    {
        var trail = new ForecastTrail(steps: 3);
        trail.Observe(5, 5);
        trail.Add(5, Saying(5, steps: 3));
        trail.Observe(6, 6);
        Assert.Empty(trail.Until(7));
        trail.Observe(8, 8);

        Assert.Equal(new PastForecast(8, 5.1, 5.5, 5.9, 8), Assert.Single(trail.Until(8)));
        Assert.Empty(trail.Until(1000));
    }

    /// <summary>Each level is its own number over the position it was made at.</summary>
    private static QuantileForecast Saying(int position, int steps = 30) => new(
        300, ForecastLevels.All,
        [.. Enumerable.Range(0, steps).SelectMany(_ => ForecastLevels.All).Select(level => position + level)],
        "test", ForecastState.Ok);
}
