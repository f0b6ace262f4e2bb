using ShardStore.Balancer;
using ShardStore.Node.Backup;
using ShardStore.Node.Clocks;
using ShardStore.Node.Hosting;
using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Raft;

namespace ShardStore.Node.Admin;

/// <summary>The admin API's view of a running node. Everything of the host is read on its loop, where a question must
/// never throw: that would stop the node.</summary>
public sealed class NodeAdminSource : IAdminSource
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the meta leader's own time-out, so that its answer is the one that is heard.</summary>
    private static readonly TimeSpan ProposeTimeout = TimeSpan.FromSeconds(8);

    private readonly NodeRuntime _node;
    private readonly ShardBackups _backups;
    private long _leaderChanges;

    public NodeAdminSource(NodeRuntime node)
    {
        _node = node;
        _backups = new ShardBackups(node.Core.Host);
        StartedMs = node.Clock.MonotonicMicros / 1000;
        node.Core.Host.LeadershipChanged += _ => Interlocked.Increment(ref _leaderChanges);
    }

    public NodeOptions Options => _node.Options;
    public int SelfNode => _node.Identity.Number;
    public IClock Clock => _node.Clock;
    public long StartedMs { get; }
    public ClusterTelemetry Telemetry => _node.Telemetry;
    public LoadKeeper Loads => _node.Loads;
    public ControllerRound? LatestRound => _node.Balancer.Latest;
    public BalancingPolicy DefaultPolicy => _node.Balancer.DefaultPolicy;

    private ReplicaHost Host => _node.Core.Host;

    public Task<MetaView> ViewAsync(CancellationToken cancellation) =>
        _node.Loop.AskAsync(() => MetaView.Of(_node.Core.Meta, _node.Core.Routing.Map), AskTimeout, cancellation);

    public Task<NodeFigures> FiguresAsync(CancellationToken cancellation) =>
        _node.Loop.AskAsync(Read, AskTimeout, cancellation);

    public Task<MetaResult> ProposeAsync(MetaCommand command, CancellationToken cancellation) =>
        HearAsync<MetaResult>(done => _node.Core.Meta.Propose(command, done), ProposeTimeout, cancellation);

    public Task<MetaResult> CancelAsync(long migration, CancellationToken cancellation) =>
        HearAsync<MetaResult>(done => _node.Core.Migrations.Cancel(migration, done), ProposeTimeout, cancellation);

    public async Task<ShardStatus?> StatusAsync(int shard, int leaderNode, CancellationToken cancellation)
    {
        var request = new ControlRequest { Id = 0, Kind = ControlKind.ShardStatus, Shard = shard };
        try
        {
            var reply = await HearAsync<ControlReply>(
                done => _node.Core.Control.Ask(leaderNode, request, done), AskTimeout, cancellation);
            return reply.Status;
        }
        catch (TimeoutException)
        {
            // Progress is good to have; the rest of the answer does not wait for it.
            return null;
        }
    }

    public Task<BackupAnswer> OpenBackupAsync(int shard, ulong? knownHash, CancellationToken cancellation) =>
        _backups.OpenAsync(shard, knownHash, cancellation);

    private async Task<T> HearAsync<T>(Action<Action<T>> ask, TimeSpan timeout, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Host.Mailbox.Post(() => ask(result => answer.TrySetResult(result)));
        return await answer.Task.WaitAsync(timeout, cancellation);
    }

    private NodeFigures Read()
    {
        var groups = Host.Groups;
        return ReadShards() with
        {
            GroupsByRole = groups.CountBy(group => group.Raft.Role).ToDictionary(),
            GroupsWithoutLeader = [.. groups.Where(group => group.Raft.Leader.IsNone).Select(group => group.Id)],
            ApplyLagEntries = groups.Select(LagOf).DefaultIfEmpty().Max(),
            LeaderChanges = Interlocked.Read(ref _leaderChanges),
            ProposalsPending = groups.Sum(group => group.Proposals.Count),
            EntriesCommitted = Sum(groups, group => group.Raft.Commit),
            EntriesApplied = Sum(groups, group => group.Raft.AppliedIndex),
            RequestsHeldNow = Host.Requests.HeldNow,
            RequestsHeld = Host.Requests.HeldTotal,
            RequestsRedirected = Host.Requests.RedirectedTotal,
            SnapshotBytesSent = Host.Snapshots.SentBytes,
            SnapshotBytesReceived = Host.Snapshots.ReceivedBytes,
            Links = ReadLinks(),
            Transport = _node.Transport.Counters,
            Clients = ReadClients(),
            Log = ReadLog(),
            Scrub = _node.Core.Scrub.Figures,
        };
    }

    private NodeFigures ReadShards()
    {
        var shards = new List<ShardFigures>();
        var latency = new LatencyCounts();
        var one = new LatencyCounts();
        foreach (var shard in Host.Requests.Shards)
        {
            var meter = shard.Shard.Meter;
            meter.Latency.CopyTo(one);
            latency.Add(one);
            shards.Add(new ShardFigures(
                shard.Shard.ShardId, shard.Group.Raft.Role == RaftRole.Leader, meter.Totals()));
        }
        return new NodeFigures { Shards = shards, RequestLatency = latency };
    }

    private List<LinkFigures> ReadLinks()
    {
        var links = new List<LinkFigures>();
        foreach (var peer in _node.Peers)
        {
            if (_node.Transport.Link(peer.Node) is { } link)
                links.Add(new LinkFigures(peer.Node, link));
        }
        return links;
    }

    private ClientFigures ReadClients()
    {
        var state = _node.Resp.State;
        return new ClientFigures(
            _node.Resp.ConnectionCount, state.ConnectionCount, state.RejectedCount, state.CommandCount);
    }

    private LogFigures ReadLog()
    {
        var counters = _node.Log.Counters;
        return new LogFigures(counters.Syncs, counters.BytesWritten, _node.Log.DiskBytes)
        {
            SyncMicrosP50 = counters.SyncMicros(0.5),
            SyncMicrosP99 = counters.SyncMicros(0.99),
        };
    }

    private static ulong LagOf(ReplicaGroup group) =>
        group.Raft.Commit.Value - Math.Min(group.Raft.Commit.Value, group.Raft.AppliedIndex.Value);

    private static ulong Sum(IEnumerable<ReplicaGroup> groups, Func<ReplicaGroup, LogIndex> index) =>
        groups.Aggregate(0UL, (sum, group) => sum + index(group).Value);
}
