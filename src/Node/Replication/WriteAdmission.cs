using ShardStore.Node.Commands;
using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>Refuses writes before a disk is full: those that this node's disk has no room for, and those that most of
/// the shard's copies have no room for, which would only wait. Owned by the loop.</summary>
public sealed class WriteAdmission(IDiskSpace space)
{
    private const string ByOthers = "MISCONF the disks of most copies of this shard are nearly full; writes are "
        + "refused until there is room, reads and deletes go on";

    /// <summary>Other nodes that said that their disk is nearly full.</summary>
    public IReadOnlySet<int> LowNodes { get; set; } = new HashSet<int>();

    /// <summary>Null when the write may be proposed by <paramref name="group"/>, which leads here.</summary>
    public string? RefusalOf(ClientRequest request, ReplicaGroup group)
    {
        if (!space.IsLow && LowNodes.Count == 0)
            return null;
        if (!SpaceRule.NeedsRoom(request))
            return null;
        if (space.IsLow)
            return space.Refusal;
        return HasMajority(group.Raft.Configuration.Voters) ? null : ByOthers;
    }

    private bool HasMajority(IEnumerable<ReplicaId> voters)
    {
        var (all, low) = (0, 0);
        foreach (var voter in voters)
        {
            all++;
            low += LowNodes.Contains(ReplicaHost.NodeOf(voter)) ? 1 : 0;
        }
        return all - low > all / 2;
    }
}
