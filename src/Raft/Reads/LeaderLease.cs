namespace ShardStore.Raft;

/// <summary>A leader's right to serve reads alone (thesis §6.4.1). Members that answered a message refuse to elect
/// anyone for one promise after they got it, which is not before we sent it: so it counts from our own send
/// time, echoed by a quorum, less a share for clock drift.</summary>
internal static class LeaderLease
{
    private static readonly Func<FollowerProgress, ulong> EchoedAt =
        member => member.EchoedSentAt < 0 ? 0 : (ulong)member.EchoedSentAt + 1;

    public static bool Holds(Replica replica, long nowMicros)
    {
        if (replica.Leading is not { } leading || leading.IsTransferring || replica.IsAsleep
            || replica.Log.Applied < leading.TermStart || HasForcedCandidate(leading))
        {
            return false;
        }

        leading.Members.Find(replica.Self)?.OnEcho(replica.Now, 0);
        ulong agreed = leading.Members.Agreed(replica.Configuration, EchoedAt);
        return agreed > 0 && nowMicros - ((long)agreed - 1) < replica.Options.LeaseMicros;
    }

    private static bool HasForcedCandidate(LeaderState leading)
    {
        for (int at = leading.TimeoutNows.Count - 1; at >= 0; at--)
        {
            (ReplicaId to, ulong round) = leading.TimeoutNows[at];
            if (leading.Members.Find(to) is { } member && member.ReadRound > round)
            {
                leading.TimeoutNows.RemoveAt(at);
            }
        }

        return leading.TimeoutNows.Count > 0;
    }
}
