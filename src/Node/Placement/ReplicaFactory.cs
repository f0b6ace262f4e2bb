using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Placement;

/// <summary>Makes replicas: new ones, and those found on disk at start.</summary>
public sealed class ReplicaFactory(ReplicaHost host)
{
    /// <summary>A new replica of a shard: a founder starts as a voter of an empty group, anyone else waits empty
    /// for the leader's checkpoint.</summary>
    public void Create(ShardRecord shard, ReplicaId replica)
    {
        var founder = shard.Founders.Contains(replica.Value);
        var configuration = founder ? ClusterFounding.FoundingConfiguration(shard) : Configuration.Empty;
        var identity = new ReplicaIdentity((ulong)shard.Id, replica, 1, ConfigurationCodec.Encode(configuration));
        var start = new RaftStart
        {
            Self = replica,
            Configuration = configuration,
            ElectionTurn = identity.Group,
            CampaignAtOnce = founder && shard.Founders[0] == replica.Value,
        };
        var store = OpenFresh(identity);
        host.Pump.Batch.SetState(identity.Group, identity.ToState(start.HardState).Encode());
        Attach(identity, new ShardReplica(shard.Id, store, 0), start, new Term(0));
    }

    /// <summary>The meta group's replica, new or recovered.</summary>
    public (ReplicaGroup Group, MetaStateMachine Machine) OpenMeta(int nodes)
    {
        var state = host.Log.State(ClusterFounding.MetaGroup);
        if (!state.IsEmpty)
        {
            var identity = ReplicaIdentity.Of(ClusterFounding.MetaGroup, ReplicaState.Decode(0, state));
            var (store, start, term, clockMs) = Recover(identity);
            var recovered = new MetaStateMachine(store, clockMs);
            return (Attach(identity, recovered, start, term), recovered);
        }
        var configuration = ClusterFounding.MetaConfiguration(nodes);
        var replica = ClusterFounding.MetaReplica(host.Options.Node);
        var founded = new ReplicaIdentity(
            ClusterFounding.MetaGroup, replica, 1, ConfigurationCodec.Encode(configuration));
        var fresh = new RaftStart
        {
            Self = replica,
            Configuration = configuration,
            ElectionTurn = ClusterFounding.MetaGroup,
            CampaignAtOnce = host.Options.Node == 1,
        };
        var machine = new MetaStateMachine(OpenFresh(founded), 0);
        host.Pump.Batch.SetState(founded.Group, founded.ToState(fresh.HardState).Encode());
        return (Attach(founded, machine, fresh, new Term(0)), machine);
    }

    /// <summary>Every shard replica that the log knows.</summary>
    public void RecoverShards()
    {
        foreach (var group in host.Log.Streams())
        {
            if (group == ClusterFounding.MetaGroup || host.Log.State(group).IsEmpty)
                continue;
            var identity = ReplicaIdentity.Of(group, ReplicaState.Decode(group, host.Log.State(group)));
            var (store, start, term, clockMs) = Recover(identity);
            Attach(identity, new ShardReplica((int)group, store, clockMs), start, term);
        }
    }

    private ReplicaGroup Attach(ReplicaIdentity identity, IGroupMachine machine, RaftStart start, Term appliedTerm)
    {
        var group = new ReplicaGroup(host, identity, machine, start, appliedTerm);
        host.Add(group);
        if (machine is ShardReplica shard)
            host.Requests.Add(new ShardRequests(host, group, shard));
        return group;
    }

    private IKeyValueStore OpenFresh(ReplicaIdentity identity)
    {
        // A crash between creating the directory and the log's first record leaves an orphan behind.
        if (host.Stores.Exists(identity.Directory))
            host.Stores.Delete(identity.Directory);
        return host.Stores.Create(identity.Directory);
    }

    private (IKeyValueStore Store, RaftStart Start, Term Term, long ClockMs) Recover(ReplicaIdentity identity)
    {
        CheckpointState? checkpoint = null;
        // The state record may be durable while the directory, made at the same time, was lost with the power: then
        // nothing was applied yet.
        var store = host.Stores.Exists(identity.Directory)
            ? host.Stores.Open(identity.Directory, out checkpoint)
            : host.Stores.Create(identity.Directory);
        var recorded = ReplicaState.Decode(identity.Group, host.Log.State(identity.Group));
        var basePosition = host.Log.Base(identity.Group).Position;
        if ((checkpoint?.AppliedIndex ?? 0) < basePosition)
        {
            throw new StorageCorruptException(
                identity.Directory, 0, $"a checkpoint at index {basePosition} or later, where the log begins; "
                + $"found {checkpoint?.AppliedIndex.ToString() ?? "none"}");
        }
        var start = new RaftStart
        {
            Self = identity.Replica,
            ElectionTurn = identity.Group,
            HardState = recorded.HardState,
            Applied = new LogIndex(checkpoint?.AppliedIndex ?? 0),
            Configuration = CheckedConfiguration.Decode(
                identity.Directory, checkpoint?.Configuration ?? identity.FoundingConfiguration.Span),
            Restarted = true,
        };
        return (store, start, new Term(checkpoint?.AppliedTerm ?? 0), checkpoint?.ClockMs ?? 0);
    }
}
