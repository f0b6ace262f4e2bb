namespace ShardStore.Balancer;

/// <summary>
/// From what clocks on the wall show to Unix seconds: a function of the zone's rules alone. On the days when clocks are
/// changed, a time that is skipped is the moment of the change; one that comes twice is two points in time, and a
/// window reaches from the first to the last.
/// </summary>
internal static class ZoneTime
{
    public const int DaySeconds = 86_400;

    private const int StepSeconds = 60;
    private static readonly int s_epochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Days, as <see cref="DateOnly.DayNumber"/> counts them, in which a zone's rules can be asked.</summary>
    private static readonly int s_dayMax = DateOnly.MaxValue.DayNumber - 2;

    public static long Utc(int day, long secondOfDay) => ((day - (long)s_epochDay) * DaySeconds) + secondOfDay;

    /// <summary>The day that holds a point in time, UTC; the nearest that there is.</summary>
    public static int DayOf(double unixSeconds)
        => (int)Math.Clamp(Math.Floor(unixSeconds / DaySeconds) + s_epochDay, 2, s_dayMax);

    /// <summary>When a local time of a day comes first.</summary>
    public static long First(TimeZoneInfo zone, int day, long secondOfDay) => At(zone, day, secondOfDay, last: false);

    /// <summary>When it comes for the last time.</summary>
    public static long Last(TimeZoneInfo zone, int day, long secondOfDay) => At(zone, day, secondOfDay, last: true);

    private static long At(TimeZoneInfo zone, int day, long secondOfDay, bool last)
    {
        var local = DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue).AddSeconds(secondOfDay);
        while (zone.IsInvalidTime(local))
        {
            // Skipped times end on a whole minute; whole days have been skipped, no more.
            local = local.AddSeconds(StepSeconds - (local.Second % StepSeconds));
        }

        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            // The larger offset is that of the clocks before they are put back.
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            offset = last ? offsets.Min() : offsets.Max();
        }

        var midnight = DateOnly.FromDayNumber(s_epochDay).ToDateTime(TimeOnly.MinValue);
        return ((local - midnight) - offset).Ticks / TimeSpan.TicksPerSecond;
    }
}
