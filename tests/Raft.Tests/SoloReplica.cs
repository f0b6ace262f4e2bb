namespace ShardStore.Raft.Tests;

/// <summary>One replica among peers that exist only as the messages a test writes.</summary>
internal sealed class SoloReplica
{
    private readonly SimulatedReplica _replica;

    public SoloReplica(int voters = 3, RaftOptions? options = null)
    {
        ReplicaId[] ids = [.. Enumerable.Range(1, voters).Select(id => new ReplicaId((ulong)id))];
        _replica = new SimulatedReplica(
            options ?? new RaftOptions(), new ReplicaId(1), new Configuration { Voters = [.. ids] }, 1);
    }

    public RaftNode Node => _replica.Node;

    public SimulatedReplica Disk => _replica;

    public long NowMicros { get; private set; } = 10_000_000;

    public List<Message> Sent { get; } = [];

    public void Pass(int milliseconds) => NowMicros += milliseconds * 1000L;

    public void Tick(int milliseconds)
    {
        Pass(milliseconds);
        Node.Tick(NowMicros);
        Settle();
    }

    /// <summary>Handles a message, with everything synced; returns what was sent because of it.</summary>
    public List<Message> Step(Message message)
    {
        Sent.Clear();
        Node.Step(message with { To = new ReplicaId(1) }, NowMicros);
        Settle();
        return [.. Sent];
    }

    public List<Message> Settle()
    {
        while (Node.HasReady)
        {
            _replica.TakeReady(Sent.Add);
            while (_replica.HasUnsynced)
            {
                _replica.Sync(Sent.Add);
            }
        }

        return Sent;
    }

    public void Restart()
    {
        _replica.Crash();
        _replica.Restart(NowMicros);
    }

    /// <summary>Elects the replica in the next term with the vote of replica 2, and lets 2 hold its first entry.
    /// </summary>
    public void Lead()
    {
        Pass(3000);
        Node.Campaign(NowMicros);
        Settle();
        ulong term = Node.Term.Value + 1;
        Step(From(2, MessageType.PreVoteReply, term));
        Step(From(2, MessageType.VoteReply, term));
        Assert.Equal(RaftRole.Leader, Node.Role);
        Step(From(2, MessageType.AppendReply, term) with { Index = Node.LastIndex, SentAt = NowMicros });
    }

    public static Message From(ulong peer, MessageType type, ulong term) =>
        new() { From = new ReplicaId(peer), Type = type, Term = new Term(term) };

    public static Message Append(ulong peer, ulong term, (ulong Term, ulong Index) after, params ulong[] terms) =>
        From(peer, MessageType.Append, term) with
        {
            Index = new LogIndex(after.Index),
            LogTerm = new Term(after.Term),
            Entries = [.. terms.Select((it, at) => new LogEntry(
                new LogIndex(after.Index + 1 + (ulong)at), new Term(it), EntryKind.Command, new byte[] { 1 }))],
        };
}
