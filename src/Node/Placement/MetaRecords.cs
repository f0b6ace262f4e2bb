using System.Collections.Immutable;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>The cluster as a whole. <paramref name="NextReplica"/> numbers replicas and is never reused.</summary>
public sealed record ClusterRecord(
    string ClusterId, long FoundedMs, long Epoch, ulong NextReplica, long NextMigration, long NextEvent)
{
    /// <summary>Nodes 1 to that many founded the cluster.</summary>
    public int FoundingNodes { get; init; }

    /// <summary>Recommendations that have been numbered; a number is never used again.</summary>
    public long Recommendations { get; init; }
}

/// <summary>A member. Host and Port are what clients are told, PeerHost and PeerPort what other nodes dial.</summary>
public sealed record NodeRecord(
    int Number, string Name, string HexId, string Host, int Port, int PeerPort, int AdminPort, string Zone,
    double CapacityCores, bool Draining)
{
    public string PeerHost { get; init; } = "";

    /// <summary>What the node drew when it entered; empty for founding nodes.</summary>
    public string EntryNonce { get; init; } = "";

    /// <summary>Of the data directory that the node has for life; empty until it has reported it.</summary>
    public string DiskId { get; init; } = "";
}

public sealed record ReplicaRecord(ulong ReplicaId, int Node, bool IsVoter, int ReadWeight);

/// <summary>A shard. <paramref name="Founders"/> are the replicas it was born with: only they may start from an
/// empty log as voters.</summary>
public sealed record ShardRecord(
    int Id, int FirstSlot, int LastSlot, ImmutableArray<ReplicaRecord> Replicas, ImmutableArray<ulong> Founders,
    int LeaderNode, ulong LeaderTerm);

/// <summary>A recommendation being carried out, or how it ended.</summary>
public sealed record MigrationRecord
{
    public required long Id { get; init; }
    public required MoveKind Kind { get; init; }
    public required int Shard { get; init; }
    public required int From { get; init; }
    public required int To { get; init; }
    public ulong FromReplica { get; init; }
    public ulong ToReplica { get; init; }
    public required MigrationStage Stage { get; init; }
    public required long StartedMs { get; init; }
    public required long StageSinceMs { get; init; }
    public long EndedMs { get; init; }
    public int ReadPercent { get; init; }
    public long Bytes { get; init; }
    public ulong ContentHash { get; init; }
    public string Reason { get; init; } = "";
    public string Error { get; init; } = "";
    public double Urgency { get; init; }

    /// <summary>Version of the policy that called for it; null: an operator did.</summary>
    public long? PolicyVersion { get; init; }

    /// <summary>Number of the recommendation that it carries out; null: none.</summary>
    public long? Recommendation { get; init; }

    public bool IsOver => Stage is MigrationStage.Done or MigrationStage.Failed;
}

/// <summary>Something that people should be able to look up later.</summary>
public sealed record EventRecord(long Id, long AtMs, string Kind, string Text);

/// <summary>A policy document as it was set; version 0 is the built-in default.</summary>
public sealed record PolicyRecord(long Version, long SetMs, string Json);
