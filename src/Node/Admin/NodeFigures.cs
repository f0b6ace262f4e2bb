using ShardStore.Node.Scrubbing;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;
using ShardStore.Raft;

namespace ShardStore.Node.Admin;

/// <summary>The node's own counters at one moment, taken on its loop. Sums only grow while the node lives.</summary>
public sealed record NodeFigures
{
    /// <summary>Groups of this node by the role of its replica.</summary>
    public IReadOnlyDictionary<RaftRole, int> GroupsByRole { get; init; } = new Dictionary<RaftRole, int>();

    /// <summary>Groups whose replica here knows of no leader; 0 is the meta group.</summary>
    public IReadOnlyList<ulong> GroupsWithoutLeader { get; init; } = [];

    /// <summary>Committed and not yet applied, of the group that lags most. Unit: entries.</summary>
    public ulong ApplyLagEntries { get; init; }

    public long LeaderChanges { get; init; }
    public long ProposalsPending { get; init; }
    public ulong EntriesCommitted { get; init; }
    public ulong EntriesApplied { get; init; }
    public long RequestsHeldNow { get; init; }
    public long RequestsHeld { get; init; }
    public long RequestsRedirected { get; init; }
    public long SnapshotBytesSent { get; init; }
    public long SnapshotBytesReceived { get; init; }
    public IReadOnlyList<ShardFigures> Shards { get; init; } = [];

    /// <summary>Latency of all requests to shards led here.</summary>
    public LatencyCounts RequestLatency { get; init; } = new();

    public IReadOnlyList<LinkFigures> Links { get; init; } = [];
    public TransportCounters Transport { get; init; } = new();
    public ClientFigures Clients { get; init; }
    public LogFigures Log { get; init; }
    public ScrubFigures Scrub { get; init; }
}

/// <summary>One shard replica of this node.</summary>
public readonly record struct ShardFigures(int Shard, bool IsLeader, ShardTotals Totals);

/// <summary>The connection to one peer.</summary>
public readonly record struct LinkFigures(int Node, PeerLink Link);

/// <summary>The front that clients speak to.</summary>
public readonly record struct ClientFigures(int Open, long Accepted, long Rejected, long Commands);

/// <summary>The node's log. Sync times are of the last 512 syncs.</summary>
public readonly record struct LogFigures(long Syncs, long BytesWritten, long DiskBytes)
{
    public int SyncMicrosP50 { get; init; }
    public int SyncMicrosP99 { get; init; }
}
