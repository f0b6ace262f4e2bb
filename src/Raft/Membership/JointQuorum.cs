namespace ShardStore.Raft;

/// <summary>Decisions of a joint configuration need a majority of both voter sets (Raft §6); with no outgoing set this
/// is the plain majority.</summary>
internal static class JointQuorum
{
    public static ulong Agreed(Span<ulong> incoming, Span<ulong> outgoing) =>
        Math.Min(Quorum.Agreed(incoming), Quorum.Agreed(outgoing));

    public static VoteOutcome Outcome(VoteOutcome incoming, VoteOutcome outgoing)
    {
        if (incoming == VoteOutcome.Lost || outgoing == VoteOutcome.Lost)
        {
            return VoteOutcome.Lost;
        }

        return incoming == VoteOutcome.Won && outgoing == VoteOutcome.Won ? VoteOutcome.Won : VoteOutcome.Open;
    }
}
