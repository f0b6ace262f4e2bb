using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>From a configuration and a change to the next configuration. A pure function: every replica must come to
/// the same result. After the joint consensus of Raft §6, with the simple path for one voter (thesis §4.1).</summary>
internal static class MembershipRules
{
    /// <summary>Most voters of one set: quorum arithmetic keeps one stack slot for each.</summary>
    public const int VotersMax = 15;

    public const int LearnersMax = 4096;

    /// <summary>Null when the change can be made; else why not.</summary>
    public static string? TryApply(Configuration current, MembershipChange change, out Configuration next)
    {
        next = current;
        if (change.Steps.IsEmpty)
        {
            return TryLeaveJoint(current, out next);
        }

        string? fault = FaultIn(change) ?? (current.IsJoint ? "the group is in a joint configuration" : null);
        if (fault is not null)
        {
            return fault;
        }

        var voters = new SortedSet<ReplicaId>(current.Voters);
        var learners = new SortedSet<ReplicaId>(current.Learners);
        foreach (MembershipStep step in change.Steps)
        {
            voters.Remove(step.Replica);
            learners.Remove(step.Replica);
            if (step.Kind != MembershipStepKind.Remove)
            {
                (step.Kind == MembershipStepKind.AddVoter ? voters : learners).Add(step.Replica);
            }
        }

        if (voters.Count is 0 or > VotersMax || learners.Count > LearnersMax)
        {
            return $"{voters.Count} voters and {learners.Count} learners; 1-{VotersMax} and 0-{LearnersMax} allowed";
        }

        next = Build(current, voters, learners);
        return null;
    }

    public static bool Same(Configuration left, Configuration right) =>
        left.Voters.AsSpan().SequenceEqual(right.Voters.AsSpan())
        && left.VotersOutgoing.AsSpan().SequenceEqual(right.VotersOutgoing.AsSpan())
        && left.Learners.AsSpan().SequenceEqual(right.Learners.AsSpan())
        && left.LearnersNext.AsSpan().SequenceEqual(right.LearnersNext.AsSpan());

    public static bool IsVoter(Configuration configuration, ReplicaId replica) =>
        configuration.Voters.BinarySearch(replica) >= 0 || configuration.VotersOutgoing.BinarySearch(replica) >= 0;

    /// <summary>Null when sorted, unique, disjoint where it must be, and within bounds; else what is wrong.</summary>
    public static string? FaultIn(Configuration configuration)
    {
        if (!IsSortedSet(configuration.Voters) || !IsSortedSet(configuration.VotersOutgoing)
            || !IsSortedSet(configuration.Learners) || !IsSortedSet(configuration.LearnersNext))
        {
            return "a configuration's lists must be sorted, without 0 and without repeats";
        }

        if (configuration.Voters.Length > VotersMax || configuration.VotersOutgoing.Length > VotersMax
            || configuration.Learners.Length > LearnersMax)
        {
            return $"a configuration holds at most {VotersMax} voters and {LearnersMax} learners";
        }

        foreach (ReplicaId learner in configuration.Learners)
        {
            if (IsVoter(configuration, learner))
            {
                return $"replica {learner} is both voter and learner";
            }
        }

        return null;
    }

    private static string? TryLeaveJoint(Configuration current, out Configuration next)
    {
        next = new Configuration
        {
            Voters = current.Voters,
            Learners = [.. current.Learners.Concat(current.LearnersNext).Order()],
        };
        return current.IsJoint ? null : "a change without steps only ends a joint configuration";
    }

    private static Configuration Build(
        Configuration current, SortedSet<ReplicaId> voters, SortedSet<ReplicaId> learners)
    {
        int moved = voters.Count(id => current.Voters.BinarySearch(id) < 0)
            + current.Voters.Count(id => !voters.Contains(id));
        if (moved <= 1)
        {
            return new Configuration { Voters = [.. voters], Learners = [.. learners] };
        }

        // A voter that becomes a learner still votes in the outgoing set, so it waits until the joint one is left.
        return new Configuration
        {
            Voters = [.. voters],
            VotersOutgoing = current.Voters,
            Learners = [.. learners.Where(id => current.Voters.BinarySearch(id) < 0)],
            LearnersNext = [.. learners.Where(id => current.Voters.BinarySearch(id) >= 0)],
        };
    }

    private static string? FaultIn(MembershipChange change)
    {
        if (change.Steps.Length > MembershipChange.StepsMax)
        {
            return $"{change.Steps.Length} steps; allowed is 1 to {MembershipChange.StepsMax}";
        }

        var seen = new HashSet<ReplicaId>();
        foreach (MembershipStep step in change.Steps)
        {
            if (step.Replica.IsNone || !seen.Add(step.Replica)
                || step.Kind is < MembershipStepKind.AddVoter or > MembershipStepKind.Remove)
            {
                return $"step {step.Kind} of replica {step.Replica}: unknown kind, replica 0, or named twice";
            }
        }

        return null;
    }

    private static bool IsSortedSet(ImmutableArray<ReplicaId> ids)
    {
        for (int at = 0; at < ids.Length; at++)
        {
            if (ids[at].IsNone || (at > 0 && ids[at - 1] >= ids[at]))
            {
                return false;
            }
        }

        return true;
    }
}
