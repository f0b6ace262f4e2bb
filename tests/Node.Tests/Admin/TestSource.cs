using ShardStore.Balancer;
using ShardStore.Node.Admin;
using ShardStore.Node.Backup;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;
using ShardStore.Raft;

namespace ShardStore.Node.Tests.Admin;

/// <summary>One node of a <see cref="TestCluster"/>, as its admin server sees it.</summary>
internal sealed class TestSource(TestCluster cluster, int node) : IAdminSource
{
    public NodeOptions Options { get; } = TestCluster.OptionsOf($"n{node}");
    public int SelfNode => node;
    public IClock Clock => cluster;
    public long StartedMs => 0;
    public ClusterTelemetry Telemetry => cluster.Telemetry;
    public LoadKeeper Loads => cluster.Loads;
    public ControllerRound? LatestRound => cluster.LeaderNode == node ? cluster.Round : null;
    public BalancingPolicy DefaultPolicy => BalancingPolicy.Default;

    /// <summary>True: the loop does not answer.</summary>
    public bool IsStuck { get; set; }

    /// <summary>What a shard's leader says of a copy that is being seeded.</summary>
    public ShardStatus? Status { get; set; }

    /// <summary>What is answered to a backup of a shard whose content has a hash already.</summary>
    public Func<int, ulong?, BackupAnswer> Backups { get; set; } =
        (_, _) => new BackupAnswer(BackupAnswerKind.NotNow) { Reason = "no backups here" };

    public NodeFigures Figures { get; set; } = FiguresOf();

    public Task<MetaView> ViewAsync(CancellationToken cancellation) => AnswerAsync(cluster.ViewOf(node));

    public Task<NodeFigures> FiguresAsync(CancellationToken cancellation) => AnswerAsync(Figures);

    public Task<MetaResult> ProposeAsync(MetaCommand command, CancellationToken cancellation) =>
        Task.FromResult(cluster.LeaderNode == 0
            ? MetaResult.Undecided("the meta group has no leader now; try again")
            : cluster.Apply(command));

    public Task<MetaResult> CancelAsync(long migration, CancellationToken cancellation)
    {
        var stage = cluster.State.Migrations[migration].Stage;
        return ProposeAsync(
            new AdvanceMigration(migration, stage, MigrationStage.RollingBack, 0, 0, "cancelled"), cancellation);
    }

    public Task<ShardStatus?> StatusAsync(int shard, int leaderNode, CancellationToken cancellation) =>
        Task.FromResult(Status);

    public Task<BackupAnswer> OpenBackupAsync(int shard, ulong? knownHash, CancellationToken cancellation) =>
        AnswerAsync(Backups(shard, knownHash));

    private Task<T> AnswerAsync<T>(T answer) =>
        IsStuck ? Task.FromException<T>(new TimeoutException()) : Task.FromResult(answer);

    private static NodeFigures FiguresOf()
    {
        var latency = new LatencyHistogram();
        latency.Record(200);
        latency.Record(30_000);
        var counts = new LatencyCounts();
        latency.CopyTo(counts);
        return new NodeFigures
        {
            GroupsByRole = new Dictionary<RaftRole, int> { [RaftRole.Leader] = 2 },
            Shards = [new ShardFigures(1, IsLeader: true, new ShardTotals(7, 8, 9, 10, 11))],
            RequestLatency = counts,
            Links = [new LinkFigures(2, new PeerLink(true, 150, 1_000_000, 5))],
            Log = new LogFigures(4, 4096, 8192) { SyncMicrosP50 = 900, SyncMicrosP99 = 2_000 },
        };
    }
}
