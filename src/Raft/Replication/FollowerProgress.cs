namespace ShardStore.Raft;

/// <summary>What a leader knows of one member (itself included).
/// Invariant: match &lt; next; everything up to match is durable at the peer.</summary>
internal sealed class FollowerProgress(ReplicaId peer, RaftOptions options)
{
    private readonly InflightWindow _inflight = new(options.MaxInflightMessages, options.MaxInflightBytes);

    public ReplicaId Peer { get; } = peer;

    public LogIndex Match { get; private set; }

    public LogIndex Next { get; private set; } = new(1);

    public ProgressState State { get; private set; } = ProgressState.Probe;

    /// <summary>Commit index the peer has been told in an append.</summary>
    public LogIndex CommitSent { get; private set; }

    /// <summary>When the peer last answered anything, on our clock (microseconds).</summary>
    public long LastReplyMicros { get; set; }

    /// <summary>Newest of our send times that the peer has echoed; leases count from it.</summary>
    public long EchoedSentAt { get; private set; }

    /// <summary>Newest read round that the peer has answered.</summary>
    public ulong ReadRound { get; private set; }

    /// <summary>A probe is out: wait for its answer or the next heartbeat's.</summary>
    public bool ProbeSent { get; set; }

    /// <summary>The peer is alive and behind: an append is due even if empty, as the last one may be lost.</summary>
    public bool NudgeDue { get; set; }

    public bool IsPaused => State switch
    {
        ProgressState.Probe => ProbeSent,
        ProgressState.Replicate => _inflight.IsFull && !NudgeDue,
        _ => true,
    };

    public bool IsWindowFull => State == ProgressState.Replicate && _inflight.IsFull;

    public PeerProgress View => new(Peer, Match, Next, State, LastReplyMicros);

    public void Reset(LogIndex last, long nowMicros)
    {
        BecomeProbe(last.Next);
        Match = default;
        CommitSent = default;
        LastReplyMicros = nowMicros;
        EchoedSentAt = long.MinValue;
        ReadRound = 0;
    }

    public void BecomeProbe(LogIndex next)
    {
        State = ProgressState.Probe;
        Next = next > Match ? next : Match.Next;
        ProbeSent = false;
        NudgeDue = false;
        _inflight.Clear();
    }

    public void BecomeReplicate()
    {
        State = ProgressState.Replicate;
        Next = Match.Next;
        ProbeSent = false;
        _inflight.Clear();
    }

    public void BecomeSnapshot()
    {
        State = ProgressState.Snapshot;
        ProbeSent = false;
        NudgeDue = false;
        _inflight.Clear();
    }

    public void OnEcho(long sentAt, ulong readRound)
    {
        EchoedSentAt = Math.Max(EchoedSentAt, sentAt);
        ReadRound = Math.Max(ReadRound, readRound);
    }

    public void OnSent(ReadOnlySpan<LogEntry> entries, LogIndex commit)
    {
        CommitSent = commit > CommitSent ? commit : CommitSent;
        NudgeDue = false;
        if (State == ProgressState.Probe)
        {
            ProbeSent = true;
            return;
        }

        if (!entries.IsEmpty)
        {
            _inflight.Add(entries[^1].Index, PayloadBytes(entries));
            Next = entries[^1].Index.Next;
        }
    }

    /// <summary>True when the peer is now known to hold more.</summary>
    public bool TryAdvance(LogIndex index)
    {
        _inflight.FreeTo(index);
        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = index.Next > Next ? index.Next : Next;
        ProbeSent = false;
        return true;
    }

    /// <summary>True when the refusal is news; then the next probe starts after <paramref name="hint"/>.</summary>
    public bool TryBackOff(LogIndex refused, LogIndex hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (refused <= Match)
            {
                return false;
            }

            BecomeProbe(Match.Next);
            return true;
        }

        // A refusal of anything but the probe that is out answers an older message.
        if (State == ProgressState.Snapshot || refused.Next != Next)
        {
            return false;
        }

        BecomeProbe(hint.Next < refused ? hint.Next : refused.Value > 0 ? refused : new LogIndex(1));
        return true;
    }

    private static int PayloadBytes(ReadOnlySpan<LogEntry> entries)
    {
        int bytes = 0;
        foreach (ref readonly LogEntry entry in entries)
        {
            bytes += entry.Payload.Length;
        }

        return bytes;
    }
}
