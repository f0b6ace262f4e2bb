using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ShardStore.Balancer;

public enum BalancerMode : byte
{
    /// <summary>Outlooks are computed and shown; nothing is proposed but drains.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 1,
    /// <summary>Acts on smoothed load as measured, like today's stores.</summary>
    [JsonStringEnumMemberName("reactive")]
    Reactive = 2,
    /// <summary>Acts on forecast quantiles.</summary>
    [JsonStringEnumMemberName("predictive")]
    Predictive = 3,
}

/// <summary>A daily window in minutes after midnight UTC, start included, end not. An end before the start runs over
/// midnight. Range of each: 0–1439.</summary>
public readonly record struct QuietWindow(int StartMinute, int EndMinute)
{
    public bool Holds(int minuteOfDay) => StartMinute <= EndMinute
        ? minuteOfDay >= StartMinute && minuteOfDay < EndMinute
        : minuteOfDay >= StartMinute || minuteOfDay < EndMinute;
}

/// <summary>How to balance: what to aim for and what never to do. One versioned document for the whole cluster.
/// Defaults are safe for a cluster of unknown size; <see cref="PolicyDocument"/> reads and checks it.</summary>
public sealed record BalancingPolicy
{
    public static readonly BalancingPolicy Default = new();

    /// <summary>Revision, counted up by whoever stores the document. 0 is the built-in default.</summary>
    public long Version { get; init; }

    /// <summary>What holds where the document is silent, of <see cref="PolicyPresets"/>; null: the defaults.</summary>
    public string? Preset { get; init; }

    public BalancerMode Mode { get; init; } = BalancerMode.Predictive;

    /// <summary>What starts by itself. Default automatic, under every preset: how bold a policy is and who watches over
    /// it are two questions.</summary>
    public ExecutionMode Execution { get; init; } = ExecutionMode.Automatic;

    public ObjectiveWeights Weights { get; init; } = new();
    public TriggerRules Triggers { get; init; } = new();
    public MoveLimits Limits { get; init; } = new();

    /// <summary>Shards that are never moved, nor their leadership. Ids from 1.</summary>
    public ImmutableArray<int> PinnedShards { get; init; } = [];

    /// <summary>Windows in which no replica move starts unless the breach cannot wait for their end. Leader
    /// transfers are always allowed: they move no bytes.</summary>
    public ImmutableArray<QuietWindow> QuietHours { get; init; } = [];

    /// <summary>What operators know of loads to come. Of tags, a node makes shards before it forecasts.</summary>
    public ImmutableArray<UsageProfile> Profiles { get; init; } = [];
}
