using ShardStore.Node.Placement;

namespace ShardStore.Node.Scrubbing;

/// <summary>Puts events into the cluster's record, one after the other, and again while nobody takes them: the meta
/// group may have no leader, or this very node may just be repairing its replica of it.</summary>
public sealed class Teller(MetaGroup meta)
{
    private const long RetryMicros = 500_000;
    private const int WaitingMax = 100;
    private readonly Queue<RecordEvent> _waiting = new();
    private bool _underWay;
    private long _nextMicros;

    /// <summary>Those beyond the bound are dropped: the log of the process has them all.</summary>
    public void Tell(string kind, string text)
    {
        if (_waiting.Count < WaitingMax)
            _waiting.Enqueue(new RecordEvent(kind, text));
    }

    public void Tick(long nowMicros)
    {
        if (_underWay || nowMicros < _nextMicros || meta.State.Cluster is null || !_waiting.TryPeek(out var next))
            return;
        _underWay = true;
        _nextMicros = nowMicros + RetryMicros;
        meta.Propose(next, OnAnswered);
    }

    private void OnAnswered(MetaResult result)
    {
        _underWay = false;
        if (!result.IsFinal)
            return;
        _waiting.Dequeue();
        _nextMicros = 0;
    }
}
