namespace ShardStore.Cluster.Tests.Soak;

/// <summary>What a soak takes for growth.</summary>
public sealed class TrendTests
{
    private const int Minutes = 30;

    [Fact]
    public void A_steady_rise_is_told_with_its_slope_and_is_not_flat()
    {
        var trend = Trend.Of(Line(minute => 100 + minute));
        Assert.Equal(60, trend.SlopeAnHour, 6);
        Assert.Equal(115, trend.Mean, 6);
        Assert.Equal(30 / 115.0, trend.Growth, 6);
        Assert.False(trend.IsFlat(step: 0));
    }

    [Fact]
    public void What_goes_up_and_down_or_shrinks_is_flat()
    {
        Assert.True(Trend.Of(Line(minute => minute % 2 == 0 ? 80 : 120)).IsFlat(step: 0));
        Assert.True(Trend.Of(Line(minute => 200 - minute)).IsFlat(step: 0));
    }

    [Fact]
    public void One_more_piece_of_what_is_taken_in_pieces_is_flat_and_two_are_not()
    {
        Assert.True(Trend.Of(Line(minute => 200 + (minute / 30.0 * 64))).IsFlat(step: 64));
        Assert.False(Trend.Of(Line(minute => 200 + (minute / 30.0 * 128))).IsFlat(step: 64));
    }

    private static (double, double)[] Line(Func<int, double> valueAt) =>
        [.. Enumerable.Range(0, Minutes + 1).Select(minute => (minute * 60.0, valueAt(minute)))];
}
