using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>Who waits for which entry, in log order. A proposal outlives a loss of leadership: when its entry is
/// applied after all, its caller gets the true answer; when another entry takes its index, it surely was not done.
/// </summary>
public sealed class ProposalTracker
{
    private readonly Queue<(LogIndex Index, Term Term, IProposal Proposal, long SinceMicros)> _waiting = new();
    private (LogIndex Index, Term Term) _newest;

    public int Count => _waiting.Count;

    public void Add(LogIndex index, Term term, IProposal proposal, long nowMicros)
    {
        // A leader that was deposed and elected again may reuse indexes it proposed at before: what waits there lost.
        if (_waiting.Count > 0 && _newest.Index >= index && _newest.Term < term)
            DropFrom(index);
        _newest = (index, term);
        _waiting.Enqueue((index, term, proposal, nowMicros));
    }

    /// <summary>The proposal that waits for exactly this entry, or null. Older ones that can no longer be applied
    /// are told.</summary>
    public IProposal? Take(LogIndex index, Term term)
    {
        while (_waiting.TryPeek(out var first) && first.Index <= index)
        {
            _waiting.Dequeue();
            if (first.Index == index && first.Term == term)
                return first.Proposal;
            first.Proposal.OnLost();
        }
        return null;
    }

    /// <summary>Gives up on what has waited since before <paramref name="sinceMicros"/>.</summary>
    public void AbandonOlderThan(long sinceMicros)
    {
        while (_waiting.TryPeek(out var first) && first.SinceMicros < sinceMicros)
            _waiting.Dequeue().Proposal.OnAbandoned();
    }

    /// <summary>A checkpoint brought everything up to <paramref name="index"/>: whether what waits there is part of it
    /// cannot be told.</summary>
    public void AbandonUpTo(LogIndex index)
    {
        while (_waiting.TryPeek(out var first) && first.Index <= index)
            _waiting.Dequeue().Proposal.OnAbandoned();
    }

    public void AbandonAll()
    {
        while (_waiting.TryDequeue(out var first))
            first.Proposal.OnAbandoned();
    }

    private void DropFrom(LogIndex index)
    {
        for (var remaining = _waiting.Count; remaining > 0; remaining--)
        {
            var item = _waiting.Dequeue();
            if (item.Index >= index)
                item.Proposal.OnLost();
            else
                _waiting.Enqueue(item);
        }
    }
}
