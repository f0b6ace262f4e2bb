using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>What a usage profile may say. Every refusal names the field by its path; what holds between profiles is
/// <see cref="ProfileConflicts"/>'.</summary>
public static class ProfileChecks
{
    public const double FactorMin = 0.001;
    public const double FactorMax = 1000;
    public const double GrowthMin = -50;
    public const double GrowthMax = 100;

    // Bounds on the work that a document can ask for at every change of the policy.
    private const int ProfilesMax = 256;
    private const int ShardsMax = 16_384;
    private const int WindowsMax = 256;
    private const int EventsMax = 1024;
    private const int NameMax = 40;
    private const int EventMinutesMax = 30 * 24 * 60;

    /// <summary>Throws <see cref="PolicyException"/> on the first field that is not allowed, or contradicts
    /// another.</summary>
    public static void Check(ImmutableArray<UsageProfile> profiles)
    {
        const string path = "$.profiles";
        AtMost(path, "profiles", profiles.Length, ProfilesMax);
        AtMost(path, "shards in all profiles", profiles.Sum(p => p.Shards.Length), ShardsMax);
        AtMost(path, "windows in all profiles", profiles.Sum(p => p.Windows.Length), WindowsMax);
        AtMost(path, "events in all profiles", profiles.Sum(p => p.Events.Length), EventsMax);
        for (var i = 0; i < profiles.Length; i++)
        {
            CheckProfile($"{path}[{i}]", profiles[i]);
        }

        ProfileConflicts.Check(profiles);
    }

    private static void CheckProfile(string path, UsageProfile profile)
    {
        CheckWhose(path, profile);
        if (profile.GrowthPercentPerDay is null && profile.Windows.IsEmpty && profile.Events.IsEmpty)
        {
            throw new PolicyException(path, "says nothing; growthPercentPerDay, windows or events are needed");
        }

        if (profile.GrowthPercentPerDay is { } growth && !(growth is >= GrowthMin and <= GrowthMax))
        {
            throw new PolicyException(
                $"{path}.growthPercentPerDay", $"{growth} is not allowed; {GrowthMin} to {GrowthMax} is");
        }

        if (!ProfileText.TryZone(profile.TimeZone, out var zone))
        {
            throw new PolicyException(
                $"{path}.timeZone", $"'{profile.TimeZone}' is no time zone known here; UTC or Europe/Berlin is");
        }

        for (var i = 0; i < profile.Windows.Length; i++)
        {
            CheckWindow($"{path}.windows[{i}]", profile.Windows[i]);
        }

        for (var i = 0; i < profile.Events.Length; i++)
        {
            CheckEvent($"{path}.events[{i}]", profile.Events[i], zone);
        }
    }

    private static void CheckWhose(string path, UsageProfile profile)
    {
        if (profile.Shards.IsEmpty == profile.Tag is null)
        {
            throw new PolicyException(path, "must name either shards or a tag");
        }

        if (profile.Tag is { } tag && (tag.Length == 0 || tag.Contains('}', StringComparison.Ordinal)))
        {
            throw new PolicyException(
                $"{path}.tag", $"'{tag}' is not allowed; what stands between the braces of keys is, without them");
        }

        for (var i = 0; i < profile.Shards.Length; i++)
        {
            var shard = profile.Shards[i];
            if (shard < 1)
            {
                throw new PolicyException($"{path}.shards[{i}]", $"{shard} is no shard id; 1 is the first");
            }
        }

        if (profile.Shards.Distinct().Count() < profile.Shards.Length)
        {
            throw new PolicyException($"{path}.shards", "a shard is named twice");
        }
    }

    private static void CheckWindow(string path, UsageWindow window)
    {
        CheckName(path, window.Name);
        CheckFactor(path, window.Factor);
        var start = MinuteOf($"{path}.start", window.Start);
        if (MinuteOf($"{path}.end", window.End) == start)
        {
            throw new PolicyException($"{path}.end", $"{window.End} is the start; another time is needed");
        }

        if (window.Days.IsEmpty)
        {
            throw new PolicyException($"{path}.days", "names no day; without this field it is every day");
        }

        for (var i = 0; i < window.Days.Length; i++)
        {
            if (!ProfileText.DayNames.Contains(window.Days[i]))
            {
                var allowed = string.Join(", ", ProfileText.DayNames);
                throw new PolicyException($"{path}.days[{i}]", $"'{window.Days[i]}' is not allowed; {allowed} are");
            }
        }
    }

    private static void CheckEvent(string path, UsageEvent usage, TimeZoneInfo zone)
    {
        CheckName(path, usage.Name);
        CheckFactor(path, usage.Factor);
        if (usage.Minutes is < 1 or > EventMinutesMax)
        {
            throw new PolicyException($"{path}.minutes", $"{usage.Minutes} is not allowed; 1 to {EventMinutesMax} is");
        }

        if (!ProfileText.TryStart(usage.Start, zone, out _))
        {
            throw new PolicyException(
                $"{path}.start", $"'{usage.Start}' is not allowed; a time such as 2026-11-27T18:00:00Z is, of the "
                + $"years {ProfileText.YearMin} to {ProfileText.YearMax}");
        }
    }

    private static void CheckName(string path, string name)
    {
        if (name is null || name.Trim().Length == 0 || name.Length > NameMax || name.Any(char.IsControl))
        {
            throw new PolicyException($"{path}.name", $"'{name}' is not allowed; 1 to {NameMax} characters are");
        }
    }

    private static void CheckFactor(string path, double factor)
    {
        // Written so that NaN fails too.
        if (!(factor is >= FactorMin and <= FactorMax))
        {
            throw new PolicyException($"{path}.factor", $"{factor} is not allowed; {FactorMin} to {FactorMax} is");
        }
    }

    private static int MinuteOf(string path, string text)
        => ProfileText.TryMinute(text, out var minute)
            ? minute
            : throw new PolicyException(path, $"'{text}' is not allowed; HH:MM from 00:00 to 23:59 is");

    private static void AtMost(string path, string what, int count, int most)
    {
        if (count > most)
        {
            throw new PolicyException(path, $"{count} {what} are not allowed; {most} are");
        }
    }
}
