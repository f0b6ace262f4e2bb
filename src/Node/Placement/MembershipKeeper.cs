using System.Collections.Immutable;
using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>Brings the members of the groups that this node leads back to what is on record. A change of members can be
/// made after its migration was given up: its request was late, or its entry was still on its way to a majority. What
/// it added would stay a member for ever, a voter that never answers among them; what it removed would be missing.
/// Ids are never used again, so a member that this node's state knows of, and no record names, is gone for good,
/// however old that state is.</summary>
public sealed class MembershipKeeper(ReplicaHost host, MetaGroup meta, MigrationPace pace)
{
    private const long LookMicros = 250_000;
    private readonly Dictionary<ulong, long> _strayingSince = [];
    private long _nextLookMicros;

    public void Tick(long nowMicros)
    {
        if (nowMicros < _nextLookMicros || meta.State.Cluster is null)
            return;
        _nextLookMicros = nowMicros + LookMicros;
        foreach (var group in host.Groups)
        {
            if (group.Id != ClusterFounding.MetaGroup)
                Look(group, nowMicros);
        }
    }

    private void Look(ReplicaGroup group, long nowMicros)
    {
        var steps = StepsBack(group);
        if (steps.IsEmpty)
        {
            _strayingSince.Remove(group.Id);
            return;
        }
        _strayingSince.TryAdd(group.Id, nowMicros);
        if (nowMicros - _strayingSince[group.Id] < pace.StrayMs * 1000L)
            return;
        group.Raft.ProposeMembership(new MembershipChange(steps), out _);
        host.MarkDirty(group);
    }

    private ImmutableArray<MembershipStep> StepsBack(ReplicaGroup group)
    {
        var members = group.Raft.Configuration;
        if (!group.IsReadyLeader || members.IsJoint || !meta.State.Shards.TryGetValue((int)group.Id, out var shard))
            return [];
        var steps = ImmutableArray.CreateBuilder<MembershipStep>();
        foreach (var member in members.Voters.Concat(members.Learners))
        {
            if (IsGone(member, shard))
                steps.Add(new MembershipStep(MembershipStepKind.Remove, member));
        }
        // In a migration the source leaves the group before it leaves the record.
        if (meta.State.ActiveMigrations.Any(migration => migration.Shard == shard.Id))
            return steps.ToImmutable();
        foreach (var replica in shard.Replicas)
        {
            var id = new ReplicaId(replica.ReplicaId);
            if (replica.IsVoter && !members.Voters.Contains(id))
                steps.Add(new MembershipStep(MembershipStepKind.AddVoter, id));
        }
        return steps.ToImmutable();
    }

    private bool IsGone(ReplicaId member, ShardRecord shard) =>
        ClusterFounding.IncarnationOf(member) < meta.State.Cluster!.NextReplica
        && !shard.Replicas.Any(replica => replica.ReplicaId == member.Value);
}
