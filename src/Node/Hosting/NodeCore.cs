using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Node.Scrubbing;
using ShardStore.Raft;

namespace ShardStore.Node.Hosting;

/// <summary>A node without threads, sockets or clocks of its own: the host and everything that runs on its loop. The
/// process wires it to real seams, the simulator to simulated ones; there is no second way to put a node together.
/// </summary>
public sealed class NodeCore
{
    public NodeCore(ReplicaHostOptions options, HostSeams seams, NodeFounding founding)
    {
        Host = new ReplicaHost(options, seams);
        Control = new ControlPlane(Host);
        var replicas = new ReplicaFactory(Host);
        var (group, machine) = replicas.OpenMeta(founding.NodeCount);
        replicas.RecoverShards();
        Meta = new MetaGroup(Host, group, machine, Control);
        Control.Handler = new ControlHandler(Host, Meta).Handle;
        Routing = new RoutingPublisher(Host, Meta);
        Migrations = new MigrationRunner(Host, Meta, Control, founding.Pace);
        var reconciler = new ReplicaReconciler(Host, Meta, replicas);
        var leaders = new LeaderReporter(Host, Meta);
        var members = new MembershipKeeper(Host, Meta, founding.Pace);
        var metaMembers = new MetaMembersKeeper(Host, Meta);
        var command = new FoundCluster(founding.ClusterId, founding.NodeCount, founding.Shards, founding.Replicas);
        var reporter = new NodeReporter(Host, Meta, founding.Self, command);
        Scrub = new ScrubPart(Host, Meta, Control, HandOver);
        var relief = new DiskRelief(this) { LowNodes = () => LowDiskNodes() };
        Host.Ticked += now =>
        {
            relief.Tick(now);
            Control.Tick(now);
            reconciler.Tick();
            leaders.Tick(now);
            reporter.Tick(now);
            Migrations.Tick(now);
            members.Tick(now);
            metaMembers.Tick(now);
            Scrub.Tick(now);
            Routing.PublishIfStale();
        };
    }

    /// <summary>Other nodes with a nearly full disk, as the process learns them; a cluster without disks has none.
    /// </summary>
    public Func<IReadOnlySet<int>> LowDiskNodes { get; set; } = () => new HashSet<int>();

    public ReplicaHost Host { get; }
    public ControlPlane Control { get; }
    public MetaGroup Meta { get; }
    public RoutingPublisher Routing { get; }
    public MigrationRunner Migrations { get; }
    public ScrubPart Scrub { get; }

    /// <summary>Applies what the meta group's log is known to have committed, before this node talks to anyone: whom it
    /// may talk to is part of it.</summary>
    public void ApplyRecovered()
    {
        while (Meta.Group.ProcessReady())
        {
        }
    }

    /// <summary>Before a stop: gives every leadership to the follower that is furthest. Returns how many.</summary>
    public int HandOverLeaderships() => HandOverLeaderships(_ => true);

    /// <summary>The same, to those that <paramref name="mayTake"/> them.</summary>
    public int HandOverLeaderships(Func<ReplicaId, bool> mayTake)
    {
        var handed = 0;
        foreach (var group in Host.Groups.Where(CouldHandOver))
        {
            if (group.Raft.IsTransferring || BestSuccessor(group, mayTake) is not { IsNone: false } successor)
                continue;
            group.Raft.TransferLeadership(successor, Host.NowMicros);
            Host.MarkDirty(group);
            handed++;
        }
        return handed;
    }

    /// <summary>Led here, and another voter could lead it.</summary>
    public bool CouldHandOver(ReplicaGroup group) =>
        group.Raft.Role == RaftRole.Leader && !BestSuccessor(group, _ => true).IsNone;

    /// <summary>Gives one leadership to a successor; another one at each attempt, since the best may be unable to keep
    /// it.</summary>
    private void HandOver(ReplicaGroup group, int attempt)
    {
        ReplicaId[] successors = [.. Successors(group, _ => true)];
        if (successors.Length == 0)
            return;
        group.Raft.TransferLeadership(successors[attempt % successors.Length], Host.NowMicros);
        Host.MarkDirty(group);
    }

    private ReplicaId BestSuccessor(ReplicaGroup group, Func<ReplicaId, bool> mayTake) =>
        Successors(group, mayTake).FirstOrDefault();

    private IEnumerable<ReplicaId> Successors(ReplicaGroup group, Func<ReplicaId, bool> mayTake)
    {
        var progress = new List<PeerProgress>();
        group.Raft.CopyProgress(progress);
        return progress
            .Where(peer => peer.Peer != group.Raft.Self && group.Raft.Configuration.Voters.Contains(peer.Peer)
                && peer.State == ProgressState.Replicate && mayTake(peer.Peer)
                && Host.Transport.Link(ReplicaHost.NodeOf(peer.Peer)) is { Connected: true })
            .OrderByDescending(peer => peer.Match)
            .ThenBy(peer => peer.Peer)
            .Select(peer => peer.Peer);
    }
}
