namespace ShardStore.Raft;

/// <summary>One view over the durable log (read through <see cref="ILogReader"/>) and the tail that is not durable
/// yet, with the commit and apply cursors.
/// Invariants: applied &lt;= handed out &lt;= min(commit, durable); commit &lt;= last; durable &lt;= last.</summary>
internal sealed class RaftLog
{
    private readonly ILogReader _stable;
    private readonly UnstableLog _unstable = new();

    public RaftLog(ILogReader stable, LogIndex applied, LogIndex commitHint)
    {
        _stable = stable;
        Durable = stable.LastIndex;
        Invariant.Check(stable.FirstIndex <= applied.Next, "the log reaches back to the recovered checkpoint");
        Invariant.Check(applied <= Durable, "the recovered checkpoint lies within the durable log");
        Applied = applied;
        HandedOut = applied;
        LogIndex hinted = commitHint < Durable ? commitHint : Durable;
        Commit = hinted > applied ? hinted : applied;
    }

    public LogIndex Commit { get; private set; }

    public LogIndex Applied { get; private set; }

    /// <summary>Last index given out for apply.</summary>
    public LogIndex HandedOut { get; private set; }

    /// <summary>Last index that is on stable storage here (or inside <see cref="PendingBase"/>).</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>An installed checkpoint that the durable log does not start from yet.</summary>
    public SnapshotPoint? PendingBase { get; private set; }

    public bool HasNewEntries => _unstable.HasNew;

    public LogIndex FirstIndex => PendingBase is { } point ? point.Index.Next : _stable.FirstIndex;

    public LogIndex LastIndex => new(Durable.Value + (ulong)_unstable.Count);

    public Term LastTerm
    {
        get
        {
            if (_unstable.Count > 0)
            {
                return _unstable.Last.Term;
            }

            Invariant.Check(TryGetTerm(LastIndex, out Term term), "the term of the last entry is known");
            return term;
        }
    }

    public bool HasCommitted => PendingBase is null && HandedOut < LastToApply;

    private LogIndex LastToApply => Commit < Durable ? Commit : Durable;

    /// <summary>False when the index is compacted away or beyond the end: such an index never matches.</summary>
    public bool TryGetTerm(LogIndex index, out Term term)
    {
        term = default;
        if (index > LastIndex || index.Next < FirstIndex)
        {
            return false;
        }

        if (index > Durable)
        {
            term = _unstable[Offset(index)].Term;
            return true;
        }

        if (PendingBase is { } point)
        {
            term = point.Term;
            return index == point.Index;
        }

        return index.Value == 0 || _stable.TryGetTerm(index, out term);
    }

    public bool Matches(LogIndex index, Term term) => TryGetTerm(index, out Term held) && held == term;

    /// <summary>Raft §5.4.1: the later last term wins, then the longer log.</summary>
    public bool IsUpToDate(LogIndex lastIndex, Term lastTerm) =>
        lastTerm > LastTerm || (lastTerm == LastTerm && lastIndex >= LastIndex);

    /// <summary>Largest index up to <paramref name="index"/> whose term is at most <paramref name="term"/>: nothing
    /// between it and index can match a log that has <paramref name="term"/> at index. Skips a term a round trip.
    /// </summary>
    public (LogIndex Index, Term Term) LastNotAfter(LogIndex index, Term term)
    {
        for (; index.Value > 0; index = index.Previous)
        {
            if (!TryGetTerm(index, out Term held))
            {
                return (index, default);
            }

            if (held <= term)
            {
                return (index, held);
            }
        }

        return default;
    }

    /// <summary>A leader's own entry: never conflicts.</summary>
    public LogIndex AppendOwn(Term term, EntryKind kind, ReadOnlyMemory<byte> payload)
    {
        LogIndex index = LastIndex.Next;
        _unstable.Add(new LogEntry(index, term, kind, payload));
        return index;
    }

    /// <summary>Adds what is new among a leader's entries, dropping what conflicts with them. Returns the first index
    /// dropped, or 0. The entry before the first must match already.</summary>
    public LogIndex AppendFromLeader(ReadOnlySpan<LogEntry> entries)
    {
        int first = 0;
        while (first < entries.Length && Matches(entries[first].Index, entries[first].Term))
        {
            first++;
        }

        if (first == entries.Length)
        {
            return default;
        }

        LogIndex from = entries[first].Index;
        LogIndex dropped = from <= LastIndex ? from : default;
        if (dropped.Value > 0)
        {
            Truncate(from);
        }

        foreach (LogEntry entry in entries[first..])
        {
            Invariant.Check(entry.Index == LastIndex.Next, "a leader's entries have no gap");
            _unstable.Add(entry);
        }

        return dropped;
    }

    public bool TryCommitTo(LogIndex index)
    {
        if (index <= Commit)
        {
            return false;
        }

        Invariant.Check(index <= LastIndex, "nothing is committed beyond the log: has this replica lost entries?");
        Commit = index;
        return true;
    }

    /// <summary>Adds entries from an index on, stopping after <paramref name="bytesMax"/> but never before the first;
    /// adds none when they are compacted away.</summary>
    public void Read(LogIndex from, LogIndex to, long bytesMax, List<LogEntry> into)
    {
        if (from < FirstIndex)
        {
            return;
        }

        int before = into.Count;
        if (from <= Durable)
        {
            LogIndex stableTo = to < Durable ? to : Durable;
            int read = _stable.Read(from, stableTo, bytesMax, into);
            if ((ulong)read != stableTo.Value - from.Value + 1)
            {
                return;
            }

            for (int at = before; at < into.Count; at++)
            {
                bytesMax -= into[at].Payload.Length;
            }

            from = stableTo.Next;
        }

        for (; from <= to; from = from.Next)
        {
            LogEntry entry = _unstable[Offset(from)];
            bytesMax -= entry.Payload.Length;
            if (bytesMax < 0 && into.Count > before)
            {
                return;
            }

            into.Add(entry);
        }
    }

    public void HandOutEntries(List<LogEntry> into) => _unstable.HandOut(into);

    public void HandOutCommitted(List<LogEntry> into, long bytesMax)
    {
        Read(HandedOut.Next, LastToApply, bytesMax, into);
        if (into.Count > 0)
        {
            Invariant.Check(into[0].Index == HandedOut.Next, "apply order has no gap");
            HandedOut = into[^1].Index;
        }
    }

    public void MarkApplied(LogIndex index)
    {
        Invariant.Check(index <= HandedOut, "only entries that were handed out are applied");
        Applied = index > Applied ? index : Applied;
    }

    public void MarkDurable(LogIndex index)
    {
        if (index > Durable)
        {
            _unstable.DropFirst((int)(index.Value - Durable.Value));
            Durable = index;
        }
    }

    /// <summary>Replaces the whole log by a checkpoint's end; the state machine is the checkpoint's from now on.
    /// </summary>
    public void Restore(SnapshotPoint point)
    {
        Invariant.Check(point.Index > Commit, "a checkpoint only moves a log forward");
        _unstable.Keep(0);
        PendingBase = point;
        Durable = point.Index;
        Commit = point.Index;
        HandedOut = point.Index;
        Applied = point.Index;
    }

    public void MarkBaseDurable(LogIndex index)
    {
        if (PendingBase is { } point && point.Index == index)
        {
            PendingBase = null;
        }
    }

    private void Truncate(LogIndex from)
    {
        Invariant.Check(from > Commit, "a committed entry is never overwritten");
        if (from > Durable)
        {
            _unstable.Keep(Offset(from));
            return;
        }

        _unstable.Keep(0);
        Durable = from.Previous;
    }

    private int Offset(LogIndex index) => (int)(index.Value - Durable.Value - 1);
}
