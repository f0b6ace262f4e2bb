using ShardStore.Balancer;
using ShardStore.Node.Backup;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin;

/// <summary>What the admin API reads and does: a running node, or what a test says. Safe from any thread; calls that
/// wait throw <see cref="TimeoutException"/> when the node's loop does not answer.</summary>
public interface IAdminSource
{
    NodeOptions Options { get; }

    int SelfNode { get; }

    IClock Clock { get; }

    /// <summary>When this node began to listen to others, on the monotonic clock. Unit: ms.</summary>
    long StartedMs { get; }

    ClusterTelemetry Telemetry { get; }

    LoadKeeper Loads { get; }

    /// <summary>Null on a node that is not the controller, and until its first decision.</summary>
    ControllerRound? LatestRound { get; }

    /// <summary>What applies while no policy has been set.</summary>
    BalancingPolicy DefaultPolicy { get; }

    Task<MetaView> ViewAsync(CancellationToken cancellation);

    Task<NodeFigures> FiguresAsync(CancellationToken cancellation);

    /// <summary>Changes the cluster's state, from whichever node.</summary>
    Task<MetaResult> ProposeAsync(MetaCommand command, CancellationToken cancellation);

    Task<MetaResult> CancelAsync(long migration, CancellationToken cancellation);

    /// <summary>A shard's group as its leader sees it; null when the leader does not say in time.</summary>
    Task<ShardStatus?> StatusAsync(int shard, int leaderNode, CancellationToken cancellation);

    /// <summary>A checkpoint of a shard led here that is not older than this call, or none where the content has
    /// <paramref name="knownHash"/>. What is opened is the caller's to close.</summary>
    Task<BackupAnswer> OpenBackupAsync(int shard, ulong? knownHash, CancellationToken cancellation);
}
