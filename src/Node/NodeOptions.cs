using System.Net;

namespace ShardStore.Node;

/// <summary>Who decides on moves.</summary>
public enum BalancerMode
{
    /// <summary>Nobody: shards stay where they are put; `ctl migrate` and `ctl drain` still work.</summary>
    Off,
    /// <summary>Acts on load that is already there, as other stores do.</summary>
    Reactive,
    /// <summary>Acts on forecast load.</summary>
    Predictive,
}

/// <summary>A host name or address and a port, as peers or clients dial it.</summary>
public sealed record HostPort(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>
/// Every setting of a node, validated. Units are in the names; defaults, ranges and reasons stand in one table,
/// Cli/Settings/NodeSettings.cs, which the help text and the limits page come from too.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>Unique and for ever the same; stored with the data, and a directory refuses another id.</summary>
    public required string Id { get; init; }

    public required string Dir { get; init; }

    /// <summary>RESP clients.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Other nodes.</summary>
    public required IPEndPoint PeerListen { get; init; }

    /// <summary>Admin HTTP API and dashboard.</summary>
    public required IPEndPoint AdminListen { get; init; }

    /// <summary>What clients are told to dial: in MOVED, CLUSTER SLOTS and the shard map. Behind NAT (containers) this
    /// is the address outside, with the mapped ports.</summary>
    public required HostPort Announce { get; init; }

    public required int AnnounceAdminPort { get; init; }

    /// <summary>What other nodes are told to dial. Not the same network as the clients' when in containers.</summary>
    public required HostPort PeerAnnounce { get; init; }

    /// <summary>Peer addresses of the founding members, the own one included or not. Empty: a cluster of one.</summary>
    public required IReadOnlyList<HostPort> Join { get; init; }

    /// <summary>Admin address of a member of the cluster to enter; null for a founding node.</summary>
    public HostPort? Enter { get; init; }

    /// <summary>Counts only when the cluster is founded; later the stored number rules.</summary>
    public required int Shards { get; init; }

    /// <summary>Copies of every shard; as <see cref="Shards"/>.</summary>
    public required int Replicas { get; init; }

    public required string Zone { get; init; }
    public required double CapacityCores { get; init; }

    /// <summary>Memory for all shard stores of the node together.</summary>
    public required int MemoryMb { get; init; }

    public required int ForecastStepSeconds { get; init; }

    /// <summary>Steps after which load tends to repeat itself; 1: never. A replay that runs faster than the clock says
    /// how long its day is.</summary>
    public required int ForecastSeasonSteps { get; init; }

    public required BalancerMode Balancer { get; init; }

    /// <summary>Forecast model file; null: the one shipped with the program.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Longest silence from a leader before an election.</summary>
    public required int ElectionMs { get; init; }

    /// <summary>Time between a leader's signs of life.</summary>
    public required int HeartbeatMs { get; init; }

    /// <summary>A shard's store is checkpointed after this much log.</summary>
    public required int CheckpointMb { get; init; }

    /// <summary>Free space of the data directory's disk below which writes are refused.</summary>
    public int DiskReserveMb { get; init; } = 256;

    /// <summary>How fast what lies at rest is read again; 0 = not at all.</summary>
    public int ScrubMbPerSecond { get; init; } = 4;

    public required bool AllowRemote { get; init; }
}
