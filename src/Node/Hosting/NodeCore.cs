using ShardStore.Node.Placement;
using ShardStore.Node.Replication;

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
        var command = new FoundCluster(founding.ClusterId, founding.NodeCount, founding.Shards, founding.Replicas);
        var reporter = new NodeReporter(Host, Meta, founding.Self, command);
        Host.Ticked += now =>
        {
            Control.Tick(now);
            reconciler.Tick();
            leaders.Tick();
            reporter.Tick(now);
            Migrations.Tick(now);
            Routing.PublishIfStale();
        };
    }

    public ReplicaHost Host { get; }
    public ControlPlane Control { get; }
    public MetaGroup Meta { get; }
    public RoutingPublisher Routing { get; }
    public MigrationRunner Migrations { get; }
}
