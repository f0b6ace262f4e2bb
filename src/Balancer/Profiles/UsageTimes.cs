namespace ShardStore.Balancer;

/// <summary>When a window or an event applies, from its checked text.</summary>
internal abstract class UsageTimes
{
    /// <summary>Every span that touches a stretch of time, in order. Unit: Unix seconds.</summary>
    public abstract IEnumerable<UsageSpan> Between(double from, double to);

    /// <summary>Null where <see cref="ProfileChecks"/> would refuse it.</summary>
    public static UsageTimes? Of(UsageProfile profile, UsageWindow window)
    {
        if (!ProfileText.TryZone(profile.TimeZone, out var zone)
            || !ProfileText.TryMinute(window.Start, out var start) || !ProfileText.TryMinute(window.End, out var end))
        {
            return null;
        }

        var onDay = new bool[ProfileText.DayNames.Length];
        foreach (var name in window.Days)
        {
            if (ProfileText.DayNames.IndexOf(name) is >= 0 and var day)
            {
                onDay[day] = true;
            }
        }

        return new Recurring(zone, onDay, start, end, window.Factor);
    }

    /// <summary>Null where <see cref="ProfileChecks"/> would refuse it.</summary>
    public static UsageTimes? Of(UsageProfile profile, UsageEvent usage)
        => ProfileText.TryZone(profile.TimeZone, out var zone) && ProfileText.TryStart(usage.Start, zone, out var start)
            ? new Once(new UsageSpan(start, start + (60L * usage.Minutes), usage.Factor))
            : null;

    private sealed class Once(UsageSpan span) : UsageTimes
    {
        public override IEnumerable<UsageSpan> Between(double from, double to)
        {
            if (span.Start < to && span.End > from)
            {
                yield return span;
            }
        }
    }

    private sealed class Recurring(TimeZoneInfo zone, bool[] onDay, int startMinute, int endMinute, double factor)
        : UsageTimes
    {
        public override IEnumerable<UsageSpan> Between(double from, double to)
        {
            // A local day begins up to a day before or after the one of UTC, and a window may reach into the next.
            var last = ZoneTime.DayOf(to) + 1;
            for (var day = ZoneTime.DayOf(from) - 2; day <= last; day++)
            {
                if (!onDay[(int)DateOnly.FromDayNumber(day).DayOfWeek])
                {
                    continue;
                }

                var end = ZoneTime.Last(zone, endMinute < startMinute ? day + 1 : day, endMinute * 60L);
                var span = new UsageSpan(ZoneTime.First(zone, day, startMinute * 60L), end, factor);
                if (span.Start < span.End && span.Start < to && span.End > from)
                {
                    yield return span;
                }
            }
        }
    }
}
