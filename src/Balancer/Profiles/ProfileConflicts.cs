using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>
/// Profiles that cannot both be meant: two growths of a shard, two windows at one time, two events at one time. Equal
/// factors do not make it better, for whether they add up would be a guess. A window and an event may meet: the event
/// is declared against what is usual then, and both multiply.
/// </summary>
internal static class ProfileConflicts
{
    /// <summary>Windows are compared on the days of one year: zones change their clocks by yearly rules, so that
    /// windows of two zones that stay apart in it stay apart.</summary>
    private const int YearCompared = 2026;

    private const int DaysCompared = 367;

    /// <summary>Throws <see cref="PolicyException"/> on the first contradiction and names both sides.</summary>
    public static void Check(ImmutableArray<UsageProfile> profiles)
    {
        var start = ZoneTime.Utc(new DateOnly(YearCompared, 1, 1).DayNumber, 0);
        var windows = new Entry[profiles.Length][];
        var events = new Entry[profiles.Length][];
        for (var i = 0; i < profiles.Length; i++)
        {
            var profile = profiles[i];
            var path = $"$.profiles[{i}]";
            windows[i] = [.. profile.Windows.Select((w, at) => new Entry($"{path}.windows[{at}]", w.Name,
                Spans(UsageTimes.Of(profile, w), start, start + (DaysCompared * (double)ZoneTime.DaySeconds))))];
            events[i] = [.. profile.Events.Select((e, at) => new Entry($"{path}.events[{at}]", e.Name,
                Spans(UsageTimes.Of(profile, e), double.NegativeInfinity, double.PositiveInfinity)))];
        }

        for (var later = 0; later < profiles.Length; later++)
        {
            for (var earlier = 0; earlier <= later; earlier++)
            {
                if (!Share(profiles[earlier], profiles[later]))
                {
                    continue;
                }

                CheckGrowth(profiles, earlier, later);
                CheckOverlap(windows[earlier], windows[later]);
                CheckOverlap(events[earlier], events[later]);
            }
        }
    }

    private static UsageSpan[] Spans(UsageTimes? times, double from, double to)
        => times is null ? [] : [.. times.Between(from, to)];

    private static bool Share(UsageProfile one, UsageProfile other)
        => ReferenceEquals(one, other)
            || (one.Tag is { } tag && tag == other.Tag)
            || one.Shards.Intersect(other.Shards).Any();

    private static void CheckGrowth(ImmutableArray<UsageProfile> profiles, int earlier, int later)
    {
        if (earlier != later && profiles[earlier].GrowthPercentPerDay is not null
            && profiles[later].GrowthPercentPerDay is not null)
        {
            throw new PolicyException($"$.profiles[{later}].growthPercentPerDay",
                $"contradicts $.profiles[{earlier}].growthPercentPerDay; one growth a shard is allowed");
        }
    }

    private static void CheckOverlap(Entry[] earlier, Entry[] later)
    {
        for (var j = 0; j < later.Length; j++)
        {
            for (var i = 0; i < (ReferenceEquals(earlier, later) ? j : earlier.Length); i++)
            {
                if (Overlap(earlier[i].Spans, later[j].Spans))
                {
                    throw new PolicyException(later[j].Path, $"'{later[j].Name}' is at the same time as "
                        + $"'{earlier[i].Name}' ({earlier[i].Path}) for the same shard; one of them is allowed");
                }
            }
        }
    }

    private static bool Overlap(UsageSpan[] one, UsageSpan[] other)
    {
        for (int i = 0, j = 0; i < one.Length && j < other.Length;)
        {
            if (one[i].Overlaps(other[j]))
            {
                return true;
            }

            if (one[i].End <= other[j].End)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return false;
    }

    private sealed record Entry(string Path, string Name, UsageSpan[] Spans);
}
