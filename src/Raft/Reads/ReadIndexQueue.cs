namespace ShardStore.Raft;

/// <summary>Reads at the leader (Raft thesis §6.4). All that wait share the next heartbeat round; a round is confirmed
/// when a quorum has answered it or a later one. Rounds are numbered and never repeated within a term, so an answer to
/// an earlier attempt cannot confirm a later read.</summary>
internal sealed class ReadIndexQueue(int readsMax)
{
    /// <summary>Rounds without an answer; more reads then share the next one, and heartbeats are not crowded out.
    /// </summary>
    private const int RoundsMax = 8;

    private readonly List<Asked> _waiting = [];
    private readonly Queue<Started> _started = [];
    private int _roundsOpen;

    public bool IsEmpty => _waiting.Count == 0 && _started.Count == 0;

    public bool HasWaiting => _waiting.Count > 0;

    public bool CanStart => _waiting.Count > 0 && _roundsOpen < RoundsMax;

    /// <summary>Reads from our own caller have no asker. False when the queue is full.</summary>
    public bool TryAdd(ReplicaId asker, ulong readId)
    {
        if (_waiting.Count + _started.Count >= readsMax)
        {
            return false;
        }

        _waiting.Add(new Asked(asker, readId));
        return true;
    }

    /// <summary>Gives all waiting reads to a round that starts now, at the commit index of now.</summary>
    public void Start(ulong round, LogIndex commit)
    {
        foreach (Asked read in _waiting)
        {
            _started.Enqueue(new Started(round, commit, read));
        }

        _waiting.Clear();
        _roundsOpen++;
    }

    /// <summary>Takes the oldest read whose round is confirmed.</summary>
    public bool TryTake(ulong confirmedRound, out ReplicaId asker, out ReadState answer)
    {
        asker = default;
        answer = default;
        if (!_started.TryPeek(out Started first) || first.Round > confirmedRound)
        {
            return false;
        }

        _started.Dequeue();
        asker = first.Read.Asker;
        answer = new ReadState(first.Read.ReadId, first.Index, true);
        if (!_started.TryPeek(out Started next) || next.Round != first.Round)
        {
            _roundsOpen--;
        }

        return true;
    }

    /// <summary>The role ends: our own reads end unserved; others find out by the term or their timeout.</summary>
    public void EndAll(List<ReadState> into)
    {
        foreach (Started read in _started)
        {
            EndOne(read.Read, into);
        }

        foreach (Asked read in _waiting)
        {
            EndOne(read, into);
        }

        _started.Clear();
        _waiting.Clear();
        _roundsOpen = 0;
    }

    private static void EndOne(Asked read, List<ReadState> into)
    {
        if (read.Asker.IsNone)
        {
            into.Add(new ReadState(read.ReadId, default, false));
        }
    }

    private readonly record struct Asked(ReplicaId Asker, ulong ReadId);

    private readonly record struct Started(ulong Round, LogIndex Index, Asked Read);
}
