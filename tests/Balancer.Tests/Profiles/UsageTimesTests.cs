using Xunit;

namespace ShardStore.Balancer.Tests.Profiles;

/// <summary>When profiles act, and how much of a step is theirs.</summary>
public class UsageTimesTests
{
    private const int Hour = 3600;

    [Theory]
    [InlineData("a winter day", "2026-01-15", "09:00-11:00", 8, 10)]
    [InlineData("a summer day", "2026-07-15", "09:00-11:00", 7, 9)]
    [InlineData("over midnight", "2026-07-15", "23:00-01:00", 21, 23)]
    [InlineData("the day before clocks go forward", "2026-03-28", "02:00-03:00", 1, 2)]
    [InlineData("clocks go forward in it", "2026-03-29", "01:00-04:00", 0, 2)]
    [InlineData("it begins in the skipped hour", "2026-03-29", "02:30-04:00", 1, 2)]
    [InlineData("clocks go back in it", "2026-10-25", "01:00-04:00", -1, 3)]
    [InlineData("it is the hour that comes twice", "2026-10-25", "02:00-03:00", 0, 2)]
    [InlineData("it ends in the hour that comes twice", "2026-10-25", "01:00-02:00", -1, 1)]
    public void A_window_in_Berlin_is_where_its_clocks_say(
        string name, string day, string window, int utcFrom, int utcTo)
    {
        var date = DateOnly.Parse(day);
        var midnight = date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        var usage = Windows("Europe/Berlin", new UsageWindow
        {
            Name = "w",
            Days = [ProfileText.DayNames[(int)date.DayOfWeek]],
            Start = window[..5],
            End = window[6..],
            Factor = 2,
        });

        var hours = Factors(usage, (midnight * 24L) - 4, Hour, 4 + 28);

        for (var i = 0; i < hours.Length; i++)
        {
            Assert.True(hours[i] == (i - 4 >= utcFrom && i - 4 < utcTo ? 2 : 1), $"{name}: {i - 4} h UTC, {hours[i]}");
        }
    }

    [Fact]
    public void A_window_that_falls_into_the_skipped_hour_is_not_there_that_day()
    {
        var usage = Windows("Europe/Berlin", new UsageWindow
        {
            Name = "w",
            Start = "02:00",
            End = "03:00",
            Factor = 2,
        });
        var midnight = new DateOnly(2026, 3, 28).DayNumber - new DateOnly(1970, 1, 1).DayNumber;

        var hours = Factors(usage, midnight * 24L, Hour, 72);

        Assert.Equal([1, 48], Enumerable.Range(0, 72).Where(i => hours[i] > 1));
    }

    [Theory]
    [InlineData("2026-11-27T18:00:00Z")]
    [InlineData("2026-11-27T18:00Z")]
    [InlineData("2026-11-27T19:00:00+01:00")]
    [InlineData("2026-11-27T13:30:00-04:30")]
    [InlineData("2026-11-27T19:00:00")]
    public void An_event_starts_at_its_own_offset_or_by_the_zone_of_its_profile(string start)
    {
        var profile = new UsageProfile
        {
            Shards = [1],
            TimeZone = "Europe/Berlin",
            Events = [new UsageEvent { Name = "sale", Start = start, Minutes = 180, Factor = 10 }],
        };
        var at = ZoneTime.Utc(new DateOnly(2026, 11, 27).DayNumber, 18 * Hour);

        var hours = Factors(KnownUsage.Of([profile], 1)!, (at / Hour) - 2, Hour, 7);

        Assert.Equal([1, 1, 10, 10, 10, 1, 1], hours.Select(h => Math.Round(h, 9)));
    }

    [Fact]
    public void A_step_that_is_partly_in_it_has_the_mean()
    {
        var profile = new UsageProfile
        {
            Shards = [1],
            Events = [new UsageEvent { Name = "sale", Start = "2026-11-27T18:04Z", Minutes = 7, Factor = 11 }],
        };
        var at = ZoneTime.Utc(new DateOnly(2026, 11, 27).DayNumber, 18 * Hour);

        var steps = Factors(KnownUsage.Of([profile], 1)!, at / 300, 300, 4);

        // One minute of five, five of five, one of five.
        Assert.Equal([3, 11, 3, 1], steps.Select(h => Math.Round(h, 9)));
    }

    [Fact]
    public void What_is_said_of_a_shard_is_equal_when_it_is_the_same()
    {
        var profile = new UsageProfile { Shards = [1, 2], GrowthPercentPerDay = 3 };
        Assert.Equal(KnownUsage.Of([profile], 1), KnownUsage.Of([profile with { Shards = [1] }], 1));
        Assert.NotEqual(KnownUsage.Of([profile], 1), KnownUsage.Of([profile with { GrowthPercentPerDay = 4 }], 1));
        Assert.Null(KnownUsage.Of([profile], 3));
    }

    private static KnownUsage Windows(string zone, UsageWindow window)
        => KnownUsage.Of([new UsageProfile { Shards = [1], TimeZone = zone, Windows = [window] }], 1)!;

    private static double[] Factors(KnownUsage usage, long firstStep, double stepSeconds, int count)
    {
        var logs = new double[count];
        Assert.Single(usage.Parts).Fill(firstStep, stepSeconds, logs);
        return Array.ConvertAll(logs, Math.Exp);
    }
}
