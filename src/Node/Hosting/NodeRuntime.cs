using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Node.Server;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Files;
using ShardStore.Storage.Identity;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Hosting;

/// <summary>One running node: disk, peers, loop, clients, controller, admin API, started in that order and stopped in
/// the reverse.</summary>
public sealed class NodeRuntime : IAsyncDisposable
{
    /// <summary>Longest wait of a starting node for the shard map before it answers clients all the same. An election
    /// of the meta group and the replay of its log fit in.</summary>
    private static readonly TimeSpan MapWaitMax = TimeSpan.FromSeconds(5);
    private readonly NodeOptions _options;
    private readonly NodeEnvironment _environment;
    private readonly PartOptions _parts;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ModelsInForce _models;
    private int _fatal;
    private bool _stopped;
    private PeerList _peers = new([]);
    private ImmutableDictionary<int, PeerRecord> _records = ImmutableDictionary<int, PeerRecord>.Empty;
    private ImmutableHashSet<int> _turnedAwayBy = [];
    private Task _controlling = Task.CompletedTask;
    private Task _opening = Task.CompletedTask;

    private NodeRuntime(
        NodeOptions options, NodeEnvironment environment, NodeDirectory directory, ClusterMembership identity)
    {
        (Directory, Identity) = (directory, identity);
        _options = options;
        _environment = environment;
        _parts = new PartOptions(options, identity, directory.Identity!.DiskId);
        _logger = environment.Loggers.CreateLogger($"shardstore.{options.Id}");
        var files = DiskFileSystem.Instance;
        Log = AppendLog.Open(files, Path.Combine(options.Dir, "log"), new AppendLogOptions());
        Feed = new UtilizationFeed(Telemetry, Clock);
        var mailbox = new Mailbox();
        var inbox = new PeerInbox(mailbox, Telemetry, Clock);
        Transport = new TcpPeerTransport(_parts.Transport, inbox, Feed, _logger);
        Space = new DiskSpaceWatch(options.Dir, options.Id, (long)options.DiskReserveMb << 20, _logger);
        Committer = new LogCommitterThread(
            Log, new LogCommitterWorld(Counters.FsyncLatency, Space, _logger), options.Id, OnFatal);
        var engine = new FasterStoreEngine(_parts.Stores);
        var stores = new RootedStores(engine, Path.Combine(options.Dir, "shards"));
        var seams = new HostSeams(mailbox, Clock, Transport, Log, Committer, stores, new PoolBackground(mailbox))
        {
            Space = Space,
        };
        Core = new NodeCore(_parts.Host, seams, _parts.Founding);
        inbox.Attach(Core);
        stores.DeleteAllBut(Core.Host.Groups.Select(group => group.Identity.Directory));
        Loop = new HostLoop(Core.Host, options.Id, OnFatal);
        Loads = new LoadKeeper(options.ForecastStepSeconds);
        _models = NewModels();
        Balancer = NewBalancer();
        Resp = new RespServer(
            new RespServerOptions { Listen = options.Listen }, new RequestRouter(mailbox, Clock), Core.Routing,
            environment.Loggers.CreateLogger<RespServer>());
        Wire();
    }

    public ClusterMembership Identity { get; }

    /// <summary>The other members as this node knows them now.</summary>
    public ImmutableArray<PeerAddress> Peers => Volatile.Read(ref _peers).List;

    public NodeDirectory Directory { get; }
    public IClock Clock { get; } = SystemClock.Instance;
    public AppendLog Log { get; }
    public UtilizationFeed Feed { get; }
    public ClusterTelemetry Telemetry { get; } = new();
    public NodeCounters Counters { get; } = new();
    public TcpPeerTransport Transport { get; }
    public LogCommitterThread Committer { get; }
    public DiskSpaceWatch Space { get; }
    public NodeCore Core { get; }
    public HostLoop Loop { get; }
    public LoadKeeper Loads { get; }
    public BalancerService Balancer { get; }
    public RespServer Resp { get; }
    public AdminServer? Admin { get; private set; }
    public NodeOptions Options => _options;

    /// <summary>Opens the directory, recovers, and serves. Throws with one clear line when it cannot.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="environment">What several nodes of one process share.</param>
    /// <param name="stop">Gives the start up while the node still waits to be let into its cluster.</param>
    public static async Task<NodeRuntime> StartAsync(
        NodeOptions options, NodeEnvironment environment, CancellationToken stop = default)
    {
        var node = await OpenAsync(options, environment, stop);
        var admin = new NodeAdminSource(node);
        // All addresses before anything runs: a node that cannot have one must not have campaigned.
        Listening.Take("peer-listen", options.PeerListen, node.Transport.Start);
        Listening.Take("listen", options.Listen, node.Resp.Listen);
        node.Admin = await Listening.TakeAsync(
            "admin-listen", options.AdminListen, () => AdminServer.StartAsync(admin, node._logger, stop));
        node.UpdatePeers();
        node.Loop.Start();
        node._controlling = node.ControlAsync();
        node._opening = node.OpenToClientsAsync();
        return node;
    }

    /// <summary>True once this node is on record and every shard of the map has a leader that is.</summary>
    public bool IsReady()
    {
        var map = Core.Routing.Map;
        return !map.Shards.IsEmpty && map.Node(Identity.Number) is not null
            && map.Shards.All(shard => shard.LeaderNode != 0 && map.Node(shard.LeaderNode) is not null);
    }

    /// <summary>Hands leaderships over, answers what is in flight, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await HandOverAsync();
        await _stopping.CancelAsync();
        await _opening;
        if (Admin is not null)
            await Admin.DisposeAsync();
        await Resp.DisposeAsync();
        await _controlling;
        _models.Dispose();
        await Transport.DisposeAsync();
        Loop.Dispose();
        Committer.Dispose();
        foreach (var group in Core.Host.Groups)
        {
            group.Stop();
            group.Machine.Store.Dispose();
        }
        Log.Dispose();
        Space.Dispose();
        Directory.Dispose();
        _stopping.Dispose();
    }

    private static async Task<NodeRuntime> OpenAsync(
        NodeOptions options, NodeEnvironment environment, CancellationToken stop)
    {
        var directory = NodeDirectory.Open(options.Dir);
        try
        {
            var identity = await ClusterMembership.OfAsync(options, directory.Identity, stop);
            directory.Bind(new NodeIdentity(identity.ClusterId, options.Id, (ulong)identity.Number));
            return new NodeRuntime(options, environment, directory, identity);
        }
        catch
        {
            // Nobody else would give the lock back.
            directory.Dispose();
            throw;
        }
    }

    private BalancerService NewBalancer()
    {
        var snapshots = new SnapshotBuilder(Telemetry, Loads, Transport, Identity.Number);
        var series = new DemandSeries(Loads, _options.ForecastSeasonSteps);
        return new BalancerService(Loads, series, _models, snapshots, Telemetry)
        {
            DefaultPolicy = BalancingPolicy.Default with { Mode = _parts.BalancerMode },
        };
    }

    private ModelsInForce NewModels()
    {
        var founding = _parts.LoadForecaster();
        if (founding.Forecaster.ModelProblem is { } problem)
            ControllerLog.ModelUnusable(_logger, problem);
        return new ModelsInForce(founding, PartOptions.LoadForecaster);
    }

    private void Wire()
    {
        Core.ApplyRecovered();
        UpdateRecords();
        Transport.RecordOf = number => Volatile.Read(ref _records).GetValueOrDefault(number);
        Transport.TurnedAway += OnTurnedAway;
        Counters.Disk = () => (Space.UsedShare, Space.IsLow);
        Core.LowDiskNodes = () => Telemetry.Nodes()
            .Where(node => node.Utilization.IsDiskLow && node.Utilization.Node != Identity.Number)
            .Select(node => node.Utilization.Node).ToHashSet();
        foreach (var batch in _environment.History.Concat(Core.Meta.Machine.ReadHistory()))
            Loads.TryMerge(batch, out _);
        Core.Meta.Machine.Changed += OnMetaChanged;
        Core.Meta.Machine.Changed += command =>
        {
            if (command is null or ReportNode or AdmitNode or RemoveNode)
                UpdatePeers();
        };
        Core.Host.LeadershipChanged += group =>
            ControllerLog.RoleChanged(_logger, group.Id, group.Raft.Role.ToString(), group.Raft.Term.Value);
        Core.Migrations.LatencyMsP99 = node => (Telemetry.Node(node)?.Utilization.RequestMicrosP99 ?? 0) / 1000.0;
        Loop.SlowTurn += (watch, cpuMicros) => ControllerLog.TurnSlow(
            _logger, watch.LastMicros / 1000, cpuMicros / 1000, watch.SlowestPartMicros / 1000, watch.SlowestPart);
        Counters.Damaged = () => Core.Host.Damage.StoresNow + Log.Damage.Count;
        Core.Scrub.FoundDamage += what => ControllerLog.DamageFound(_logger, what);
        Core.Scrub.RepairedDamage += what => ControllerLog.DamageRepaired(_logger, what);
        Core.Host.BackgroundFailed += (group, doing, failure) =>
            ControllerLog.BackgroundFailed(_logger, group.Id, doing, failure);
    }

    private void OnMetaChanged(MetaCommand? command)
    {
        if (command is AppendHistory history)
            Loads.TryMerge(history.Batch, out _, history.IsImport);
        if (command is not null)
            return;
        // A snapshot brought everything at once; merging what is known already changes nothing.
        foreach (var batch in Core.Meta.Machine.ReadHistory())
            Loads.TryMerge(batch, out _);
    }

    private void UpdateRecords() => Volatile.Write(ref _records, MemberPeers.RecordsOf(Core.Meta.State));

    /// <summary>One member may be wrong, or not who it says it is; when most of them agree there is nothing left to do
    /// here.</summary>
    private void OnTurnedAway(int byNode, string reason)
    {
        ImmutableInterlocked.Update(ref _turnedAwayBy, static (by, node) => by.Add(node), byNode);
        var members = Peers.Select(peer => peer.Node).ToArray();
        var against = members.Count(Volatile.Read(ref _turnedAwayBy).Contains);
        if (2 * against > members.Length)
            OnFatal(new IOException($"{against} of {members.Length} members turn this node away: {reason}"));
    }

    /// <summary>At the start, and then on the loop.</summary>
    private void UpdatePeers()
    {
        UpdateRecords();
        var peers = MemberPeers.Of(Identity, Core.Meta.State);
        if (peers.SequenceEqual(Peers))
            return;
        Volatile.Write(ref _peers, new PeerList(peers));
        Transport.SetPeers(peers);
    }

    private Task ControlAsync()
    {
        var readings = _environment.Shared?.AddNode(() => Loop.CpuMicros + Committer.CpuMicros)
            ?? new ProcessReadings();
        var capacity = NodeCapacity.OfThisProcess(Identity.Number, _options.CapacityCores);
        var sampler = new NodeSampler(readings, Counters, capacity, (uint)(Clock.WallMs / 1000));
        var parts = new ControllerParts(Core, Loop, Feed, Telemetry, Loads, Balancer);
        return new ControllerLoop(parts, sampler, Clock, _logger).RunAsync(_stopping.Token);
    }

    private async Task HandOverAsync()
    {
        try
        {
            await Loop.AskAsync(Core.HandOverLeaderships, TimeSpan.FromSeconds(2));
            var deadline = Clock.MonotonicMicros + 1_000_000;
            while (Clock.MonotonicMicros < deadline
                && await Loop.AskAsync(() => Core.Host.Groups.Any(Core.CouldHandOver), TimeSpan.FromSeconds(1)))
            {
                await Task.Delay(20);
            }
        }
        catch (TimeoutException)
        {
            // The loop is stuck: the others will elect without this node's help.
            ControllerLog.LoopSlow(_logger, 2);
        }
    }

    /// <summary>Before it knows the map and who is behind it, a node could only answer CLUSTERDOWN, on which stock
    /// clients throw, or list no nodes. Who has connected waits unread instead, which they take for a slow
    /// answer.</summary>
    private async Task OpenToClientsAsync()
    {
        var deadline = Clock.MonotonicMicros + (long)MapWaitMax.TotalMicroseconds;
        while (!IsReady() && Clock.MonotonicMicros < deadline)
            await Task.Delay(10, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_stopping.IsCancellationRequested)
            Resp.Accept();
    }

    private void OnFatal(Exception failure)
    {
        if (Interlocked.Exchange(ref _fatal, 1) != 0)
            return;
        // What the world did is told in one line by whoever ends the process; the rest is our bug, with all we know.
        if (!Hosts.IsOfTheWorld(failure))
            ControllerLog.Fatal(_logger, failure.Message, failure);
        _environment.OnFatal($"node {_options.Id}: {failure.Message}", failure);
    }

    private sealed record PeerList(ImmutableArray<PeerAddress> List);
}
