using ShardStore.Node.Demo;
using Xunit;

namespace ShardStore.Node.Tests.Demo;

public class GeneratedTraceTests
{
    private static readonly double[] Values = GeneratedTrace.Build(1).Values[0];

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        Assert.Equal(Values, GeneratedTrace.Build(1).Values[0]);
        Assert.NotEqual(Values, GeneratedTrace.Build(2).Values[0]);
        Assert.Equal(GeneratedTrace.Days * GeneratedTrace.DaySteps, Values.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Every_day_is_low_at_night_and_rises_within_the_hour_around_its_morning(int seed)
    {
        var values = GeneratedTrace.Build(seed).Values[0];
        for (var day = 0; day < GeneratedTrace.Days; day++)
        {
            var night = Mean(values, day, 24, 72);
            const int morning = GeneratedTrace.MorningStep;
            Assert.InRange(Mean(values, day, morning - 12, morning - 6) / night, 0.9, 1.2);
            Assert.True(Mean(values, day, morning + 6, morning + 9) > 3.2 * night);
        }
    }

    [Fact]
    public void The_level_grows_by_the_promised_share_a_day()
    {
        var nights = Enumerable.Range(0, GeneratedTrace.Days).Select(day => Mean(Values, day, 24, 72)).ToArray();
        var perDay = Math.Pow(nights[^1] / nights[0], 1.0 / (GeneratedTrace.Days - 1)) - 1;
        Assert.InRange(perDay, GeneratedTrace.GrowthPerDay - 0.01, GeneratedTrace.GrowthPerDay + 0.01);
    }

    [Fact]
    public void The_last_day_has_a_flash_crowd_that_the_day_before_does_not_announce()
    {
        Assert.True(Flash(GeneratedTrace.Days - 1) > 1 + (0.6 * GeneratedTrace.FlashShare), $"{Flash(8)}");
        Assert.InRange(Flash(GeneratedTrace.Days - 2), 0.94, 1.06);
    }

    private static double Flash(int day) =>
        Mean(Values, day, GeneratedTrace.FlashStep, GeneratedTrace.FlashStep + 3)
        / Mean(Values, day, GeneratedTrace.FlashStep - 3, GeneratedTrace.FlashStep);

    private static double Mean(double[] values, int day, int from, int to) =>
        values.AsSpan((day * GeneratedTrace.DaySteps) + from, to - from).ToArray().Average();
}
