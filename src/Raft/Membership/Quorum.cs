namespace ShardStore.Raft;

/// <summary>Majority arithmetic over one small set of voters. An empty set agrees to everything, so that it can be one
/// half of a <see cref="JointQuorum"/>.</summary>
internal static class Quorum
{
    public static int Majority(int voters) => (voters / 2) + 1;

    /// <summary>The largest value that a majority has reached. Sorts its argument in place.</summary>
    public static ulong Agreed(Span<ulong> values)
    {
        if (values.IsEmpty)
        {
            return ulong.MaxValue;
        }

        values.Sort();
        return values[values.Length - Majority(values.Length)];
    }

    public static VoteOutcome Outcome(int voters, int granted, int refused)
    {
        if (voters == 0 || granted >= Majority(voters))
        {
            return VoteOutcome.Won;
        }

        return voters - refused < Majority(voters) ? VoteOutcome.Lost : VoteOutcome.Open;
    }
}
