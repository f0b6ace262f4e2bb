using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>What an operator knows of a load and its past cannot tell. Factors are declared; how far one came true is
/// learnt where it has acted before. <see cref="ProfileChecks"/> says what is allowed.</summary>
public sealed record UsageProfile
{
    /// <summary>The shards it is about. Ids from 1. Empty where <see cref="Tag"/> is given.</summary>
    public ImmutableArray<int> Shards { get; init; } = [];

    /// <summary>A hash tag, without braces, instead of shards: the shard that owns its slot is meant, as a whole.
    /// </summary>
    public string? Tag { get; init; }

    /// <summary>Growth of the load from day to day. Unit: percent. Null: nothing is said. Range -50–100.</summary>
    public double? GrowthPercentPerDay { get; init; }

    /// <summary>IANA name of the zone that windows, and events without an offset, are told in. Default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    public ImmutableArray<UsageWindow> Windows { get; init; } = [];
    public ImmutableArray<UsageEvent> Events { get; init; } = [];
}

/// <summary>A part of the day in which the load is usually another one.</summary>
public sealed record UsageWindow
{
    /// <summary>Shown beside forecasts; windows of one name and shard share what is learnt of them.</summary>
    public string Name { get; init; } = "";

    /// <summary>Days on which it begins. Default: every day.</summary>
    public ImmutableArray<string> Days { get; init; } = ProfileText.DayNames;

    /// <summary>Local time as HH:MM, included.</summary>
    public string Start { get; init; } = "";

    /// <summary>Local time as HH:MM, not included. One before the start is on the next day.</summary>
    public string End { get; init; } = "";

    /// <summary>What the load is multiplied by. Range 0.001–1000.</summary>
    public double Factor { get; init; }
}

/// <summary>Something that happens once.</summary>
public sealed record UsageEvent
{
    /// <summary>Shown beside forecasts; events of one name and shard share what is learnt of them.</summary>
    public string Name { get; init; } = "";

    /// <summary>As 2026-11-27T18:00:00Z, with an offset (+01:00) instead of Z, or with neither: then local.</summary>
    public string Start { get; init; } = "";

    /// <summary>Range 1–43,200 (30 days).</summary>
    public int Minutes { get; init; }

    /// <summary>What the load is multiplied by. Range 0.001–1000.</summary>
    public double Factor { get; init; }
}
