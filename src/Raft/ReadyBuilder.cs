namespace ShardStore.Raft;

/// <summary>Gathers what a replica has to say into numbered Readies, and takes note when they are durable.</summary>
internal sealed class ReadyBuilder(Replica replica, MembershipDriver membership)
{
    private readonly ReadyPool _pool = new();
    private ulong _number;

    /// <summary>An installed checkpoint that the log has yet to be restarted from.</summary>
    public bool IsBaseDue { get; set; }

    public bool HasAny => IsBaseDue || replica.Outbox.HasAny || replica.Log.HasNewEntries || replica.Log.HasCommitted
        || IsHardStateNew || replica.ReadResults.Count > 0 || replica.Events.Count > 0
        || replica.SnapshotsWanted.Count > 0;

    private bool IsHardStateNew =>
        replica.Ledger.HandedOut.Term != replica.Term || replica.Ledger.HandedOut.Vote != replica.Vote;

    public Ready Build()
    {
        Ready ready = _pool.Take(++_number);
        AddWrites(ready);
        replica.Outbox.MoveInto(ready);
        if (ready.MustPersist)
        {
            replica.Ledger.Add(ready);
        }

        AddCommitted(ready);
        Drain(replica.ReadResults, ready.Reads);
        Drain(replica.SnapshotsWanted, ready.SnapshotsWanted);
        Drain(replica.Events, ready.Events);
        return ready;
    }

    public void OnPersisted(ulong number)
    {
        replica.Ledger.OnPersisted(number, replica.Log);
        replica.Outbox.OnPersisted(number, replica.Term);
        _pool.Return(number);
    }

    public void Settle() => _pool.Settle();

    private void AddWrites(Ready ready)
    {
        RaftLog log = replica.Log;
        if (IsBaseDue)
        {
            ready.SnapshotBase = log.PendingBase;
            IsBaseDue = false;
        }

        log.HandOutEntries(ready.Entries);

        // The commit index rides along with entries: whoever holds an entry durably also knows durably what its leader
        // knew to be committed, which membership changes rely on after a restart.
        bool isCommitNew = ready.Entries.Count > 0 && replica.Ledger.HandedOut.Commit != log.Commit;
        if (IsHardStateNew || isCommitNew || ready.SnapshotBase is not null)
        {
            ready.HardState = replica.HardState;
        }
    }

    private void AddCommitted(Ready ready)
    {
        if (!replica.Log.HasCommitted)
        {
            return;
        }

        replica.Log.HandOutCommitted(ready.Committed, replica.Options.MaxCommittedBytes);
        membership.OnHandedOut(ready.Committed);
        if (replica.Leading is { } leading)
        {
            foreach (LogEntry entry in ready.Committed)
            {
                bool isOurs = entry.Index >= leading.TermStart;
                leading.UncommittedBytes -= isOurs ? entry.Payload.Length : 0;
            }
        }
    }

    private static void Drain<T>(List<T> from, List<T> into)
    {
        into.AddRange(from);
        from.Clear();
    }
}
