using System.Collections.Immutable;
using System.Globalization;

namespace ShardStore.Balancer;

/// <summary>Reads the times, days and zones of a profile. What they mean as points in time is <see cref="ZoneTime"/>'s.
/// </summary>
internal static class ProfileText
{
    public const int YearMin = 2000;
    public const int YearMax = 2199;

    private const int ZoneLengthMax = 64;
    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss"];

    /// <summary>In the order of <see cref="DayOfWeek"/>, which counts from Sunday.</summary>
    public static ImmutableArray<string> DayNames { get; } = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Minutes after midnight of a time as HH:MM.</summary>
    public static bool TryMinute(string? text, out int minute)
    {
        var read = TimeOnly.TryParseExact(
            text, s_times[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        minute = read ? (time.Hour * 60) + time.Minute : 0;
        return read;
    }

    /// <summary>False for an unknown zone, and for a name that leaves the folder of zones.</summary>
    public static bool TryZone(string? name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        return name?.Length is > 0 and <= ZoneLengthMax
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && name[0] != '/'
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!);
    }

    /// <summary>Unix seconds of an event's start.</summary>
    public static bool TryStart(string? text, TimeZoneInfo zone, out long unixSeconds)
    {
        unixSeconds = 0;
        var parts = text?.Split('T') ?? [];
        if (parts.Length != 2
            || !DateOnly.TryParseExact(
                parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || date.Year is < YearMin or > YearMax)
        {
            return false;
        }

        var mark = parts[1].IndexOfAny(['Z', '+', '-']);
        var clock = mark < 0 ? parts[1] : parts[1][..mark];
        if (!TimeOnly.TryParseExact(clock, s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return false;
        }

        if (mark < 0)
        {
            unixSeconds = ZoneTime.First(zone, date.DayNumber, time.Ticks / TimeSpan.TicksPerSecond);
            return true;
        }

        var offset = OffsetSeconds(parts[1][mark..]);
        unixSeconds = ZoneTime.Utc(date.DayNumber, time.Ticks / TimeSpan.TicksPerSecond) - (offset ?? 0);
        return offset is not null;
    }

    private static long? OffsetSeconds(string mark)
    {
        if (mark == "Z")
        {
            return 0;
        }

        const int hoursMax = 14;
        if (!TryMinute(mark[1..], out var minutes) || minutes > hoursMax * 60)
        {
            return null;
        }

        return (mark[0] == '-' ? -60 : 60) * minutes;
    }
}
