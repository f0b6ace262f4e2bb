using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Storage.Log;

namespace ShardStore.Simulation.Nodes;

/// <summary>How big a simulated cluster is, and its settings: the real ones, some ten times smaller, so that a few
/// virtual seconds hold elections, checkpoints and snapshots.</summary>
public sealed record ClusterShape(int Nodes, int Replicas, int Shards, AppendLogOptions Log)
{
    /// <summary>Entry bytes in one message; 0 = each entry comes alone, which makes the moments between them long.
    /// </summary>
    public int AppendBytesMax { get; init; } = 256 << 10;

    public const string ClusterId = "simulated";
    public const int ElectionMs = 400;

    public static ClusterShape Draw(Random random)
    {
        var nodes = random.Next(5) switch { 0 => 3, < 3 => 4, _ => 5 };
        return new ClusterShape(nodes, 3, random.Next(2, 5), new AppendLogOptions
        {
            SegmentBytes = random.Next(4, 33) << 10,
            CacheBytesMax = random.Next(3) == 0 ? 2 << 10 : 1 << 20,
            CleanBytesMax = 8 << 10,
        })
        {
            AppendBytesMax = random.Next(2) == 0 ? 0 : 256 << 10,
        };
    }

    public ReplicaHostOptions OptionsOf(int node, ulong seed) => new()
    {
        Node = node,
        Seed = seed,
        TickMs = 10,
        CheckpointBytes = 16 << 10,
        CheckpointEntries = 40,
        LogTailEntries = 12,
        HoldMsMax = 1_000,
        ProposalMsMax = 3_000,
        ScrubBytesPerSecond = 1 << 20,
        ScrubPassBytesMin = 512 << 10,
        Raft = new RaftOptions
        {
            ElectionTimeoutMs = ElectionMs,
            HeartbeatMs = 50,
            PromiseMs = 200,
            MaxAppendBytes = AppendBytesMax,
        },
    };

    public static MigrationPace Pace => new()
    {
        PollMs = 30,
        LagEntriesMax = 10,
        ReadStepMs = 60,
        StageSecondsMax = 8,
        StrayMs = 500,
    };

    public static NodeRecord RecordOf(int node) => new(
        node, $"n{node}", ClusterFounding.HexIdOf(ClusterId, $"n{node}"), "sim", 7000 + node, 7100 + node, 8000 + node,
        "z1", 1, Draining: false);
}
