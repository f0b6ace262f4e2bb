using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>A leader's members in id order, so that no result depends on a hash table's order.</summary>
internal sealed class ProgressTable
{
    private FollowerProgress[] _members = [];

    public ReadOnlySpan<FollowerProgress> Members => _members;

    public FollowerProgress? Find(ReplicaId peer)
    {
        foreach (FollowerProgress member in _members)
        {
            if (member.Peer == peer)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Takes over a configuration; members that stay keep their progress.</summary>
    public void Adopt(Configuration configuration, RaftOptions options, LogIndex last, long nowMicros)
    {
        var ids = new SortedSet<ReplicaId>(configuration.Voters);
        ids.UnionWith(configuration.VotersOutgoing);
        ids.UnionWith(configuration.Learners);
        ids.UnionWith(configuration.LearnersNext);
        var members = new FollowerProgress[ids.Count];
        int at = 0;
        foreach (ReplicaId id in ids)
        {
            members[at++] = Find(id) ?? Fresh(id, options, last, nowMicros);
        }

        _members = members;
    }

    public void Clear() => _members = [];

    /// <summary>The largest value that a quorum (both, when joint) has reached. An absent voter counts as 0.</summary>
    public ulong Agreed(Configuration configuration, Func<FollowerProgress, ulong> value)
    {
        Span<ulong> incoming = stackalloc ulong[configuration.Voters.Length];
        Span<ulong> outgoing = stackalloc ulong[configuration.VotersOutgoing.Length];
        Fill(configuration.Voters, value, incoming);
        Fill(configuration.VotersOutgoing, value, outgoing);
        return JointQuorum.Agreed(incoming, outgoing);
    }

    private void Fill(ImmutableArray<ReplicaId> voters, Func<FollowerProgress, ulong> value, Span<ulong> into)
    {
        for (int at = 0; at < voters.Length; at++)
        {
            into[at] = Find(voters[at]) is { } member ? value(member) : 0;
        }
    }

    private static FollowerProgress Fresh(ReplicaId id, RaftOptions options, LogIndex last, long nowMicros)
    {
        var progress = new FollowerProgress(id, options);
        progress.Reset(last, nowMicros);
        return progress;
    }
}
