namespace ShardStore.Raft;

/// <summary>ReadIndex at the leader: heartbeat rounds that confirm it still leads.</summary>
internal sealed class LeaderReads(Replica replica, Replicator replicator)
{
    private static readonly Func<FollowerProgress, ulong> ReadRound = member => member.ReadRound;

    /// <summary>Nothing is known to be committed before an entry of our own term is: reads wait for it.</summary>
    public bool HasWork => replica.Leading is { } leading && leading.Reads.CanStart
        && replica.Log.Commit >= leading.TermStart;

    /// <summary>From ourselves (no asker) or from a follower or learner.</summary>
    public void Ask(LeaderState leading, ReplicaId asker, ulong readId)
    {
        if (!leading.Reads.TryAdd(asker, readId))
        {
            Answer(asker, new ReadState(readId, default, false));
        }
    }

    /// <summary>One round for all reads that came since the last Ready.</summary>
    public void Flush(LeaderState leading)
    {
        if (HasWork)
        {
            replicator.SendHeartbeats(leading, sleep: false);
            Confirm(leading);
        }
    }

    public void Confirm(LeaderState leading)
    {
        if (leading.Reads.IsEmpty)
        {
            return;
        }

        leading.Members.Find(replica.Self)?.OnEcho(replica.Now, leading.Round);
        ulong confirmed = leading.Members.Agreed(replica.Configuration, ReadRound);
        while (leading.Reads.TryTake(confirmed, out ReplicaId asker, out ReadState answer))
        {
            Answer(asker, answer);
        }
    }

    private void Answer(ReplicaId asker, ReadState answer)
    {
        if (asker.IsNone)
        {
            replica.ReadResults.Add(answer);
            return;
        }

        replica.Send(new Message
        {
            Type = MessageType.ReadIndexReply,
            To = asker,
            Index = answer.Index,
            Context = answer.ReadId,
            Reject = !answer.Served,
        });
    }
}
