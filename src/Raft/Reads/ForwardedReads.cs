namespace ShardStore.Raft;

/// <summary>Reads at a follower or learner, asked of the leader. All that wait go out as one message under a token that
/// is never reused (it starts at a random place, so not by our next process either): a late answer finds no token and
/// is dropped.</summary>
internal sealed class ForwardedReads(int readsMax, ulong firstToken)
{
    private readonly List<ulong> _waiting = [];
    private readonly Queue<Asked> _asked = [];
    private ulong _nextToken = firstToken;

    public bool HasWaiting => _waiting.Count > 0;

    public bool TryAdd(ulong readId)
    {
        if (_waiting.Count + _asked.Count >= readsMax)
        {
            return false;
        }

        _waiting.Add(readId);
        return true;
    }

    /// <summary>The token to ask the leader with, for everything that waits.</summary>
    public ulong Start(long nowMicros)
    {
        ulong token = _nextToken++;
        foreach (ulong readId in _waiting)
        {
            _asked.Enqueue(new Asked(token, readId, nowMicros));
        }

        _waiting.Clear();
        return token;
    }

    /// <summary>Ends the reads of a token; those of other tokens keep their order.</summary>
    public void OnAnswer(ulong token, LogIndex index, bool served, List<ReadState> into)
    {
        for (int left = _asked.Count; left > 0; left--)
        {
            Asked read = _asked.Dequeue();
            if (read.Token == token)
            {
                into.Add(new ReadState(read.ReadId, index, served));
            }
            else
            {
                _asked.Enqueue(read);
            }
        }
    }

    /// <summary>Ends reads whose question or answer was lost.</summary>
    public void EndOlderThan(long askedBefore, List<ReadState> into)
    {
        while (_asked.TryPeek(out Asked oldest) && oldest.AskedAt < askedBefore)
        {
            into.Add(new ReadState(_asked.Dequeue().ReadId, default, false));
        }
    }

    public void EndAll(List<ReadState> into)
    {
        EndOlderThan(long.MaxValue, into);
        foreach (ulong readId in _waiting)
        {
            into.Add(new ReadState(readId, default, false));
        }

        _waiting.Clear();
    }

    private readonly record struct Asked(ulong Token, ulong ReadId, long AskedAt);
}
