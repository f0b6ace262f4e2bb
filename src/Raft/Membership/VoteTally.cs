using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>The answers to one campaign. The first answer of a replica counts; those of non-voters never do.</summary>
internal sealed class VoteTally
{
    private readonly List<(ReplicaId From, bool Granted)> _answers = [];

    public void Clear() => _answers.Clear();

    public void Record(ReplicaId from, bool granted)
    {
        foreach ((ReplicaId known, _) in _answers)
        {
            if (known == from)
            {
                return;
            }
        }

        _answers.Add((from, granted));
    }

    public VoteOutcome Outcome(Configuration configuration) =>
        JointQuorum.Outcome(Outcome(configuration.Voters), Outcome(configuration.VotersOutgoing));

    private VoteOutcome Outcome(ImmutableArray<ReplicaId> voters)
    {
        int granted = 0;
        int refused = 0;
        foreach ((ReplicaId from, bool yes) in _answers)
        {
            if (voters.BinarySearch(from) >= 0)
            {
                granted += yes ? 1 : 0;
                refused += yes ? 0 : 1;
            }
        }

        return Quorum.Outcome(voters.Length, granted, refused);
    }
}
