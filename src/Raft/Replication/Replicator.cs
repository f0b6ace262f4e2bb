namespace ShardStore.Raft;

/// <summary>Fills a leader's messages to its members: entries while the window allows, heartbeats, checkpoints.
/// </summary>
internal sealed class Replicator(Replica replica)
{
    private readonly RaftLog _log = replica.Log;
    private readonly List<LogEntry> _read = [];

    // Followers at the same place share one array: its entries are never changed.
    private LogEntry[] _shared = [];
    private LogIndex _sharedLast;

    public void SendAppends(LeaderState leading)
    {
        leading.AppendsDue = false;
        foreach (FollowerProgress member in leading.Members.Members)
        {
            if (member.Peer != replica.Self)
            {
                SendAppends(member);
            }
        }

        // The array would keep entries alive, and a truncation may follow before the next use.
        _shared = [];
    }

    public void SendHeartbeats(LeaderState leading, bool sleep)
    {
        leading.Round++;
        leading.HeartbeatDueAt = replica.Now + replica.Options.HeartbeatMicros;
        StartReads(leading);
        foreach (FollowerProgress member in leading.Members.Members)
        {
            if (member.Peer != replica.Self)
            {
                SendHeartbeat(member, leading.Round, sleep);
            }
        }
    }

    /// <summary>Commit never goes beyond what the member is known to hold: the rest of its log may differ.</summary>
    public void SendHeartbeat(FollowerProgress member, ulong round, bool sleep = false) => replica.Send(new Message
    {
        Type = MessageType.Heartbeat,
        To = member.Peer,
        Commit = member.Match < _log.Commit ? member.Match : _log.Commit,
        Context = round,
        SentAt = replica.Now,
        Force = sleep,
    });

    public static void ReportSnapshot(FollowerProgress member, LogIndex index, bool sent)
    {
        if (member.State != ProgressState.Snapshot)
        {
            return;
        }

        // Either way the next heartbeat's answer goes first: after a failure it spaces the attempts.
        member.BecomeProbe(sent ? index.Next : member.Match.Next);
        member.ProbeSent = true;
    }

    public void WantSnapshot(FollowerProgress member)
    {
        member.BecomeSnapshot();
        replica.SnapshotsWanted.Add(member.Peer);
        replica.Note("snapshot-wanted", member.Peer, member.Match);
    }

    private void StartReads(LeaderState leading)
    {
        if (leading.Reads.HasWaiting && _log.Commit >= leading.TermStart)
        {
            leading.Reads.Start(leading.Round, _log.Commit);
        }
    }

    private void SendAppends(FollowerProgress member)
    {
        while (!member.IsPaused)
        {
            if (!_log.TryGetTerm(member.Next.Previous, out Term previousTerm))
            {
                WantSnapshot(member);
                return;
            }

            bool isEmpty = member.IsWindowFull || member.Next > _log.LastIndex;
            LogEntry[] entries = isEmpty ? [] : ReadFrom(member.Next);
            if (!isEmpty && entries.Length == 0)
            {
                WantSnapshot(member);
                return;
            }

            bool isNeeded = !isEmpty || member.NudgeDue || member.State == ProgressState.Probe
                || member.CommitSent < _log.Commit;
            if (!isNeeded)
            {
                return;
            }

            SendAppend(member, previousTerm, entries);
        }
    }

    private void SendAppend(FollowerProgress member, Term previousTerm, LogEntry[] entries)
    {
        replica.Send(new Message
        {
            Type = MessageType.Append,
            To = member.Peer,
            Index = member.Next.Previous,
            LogTerm = previousTerm,
            Commit = _log.Commit,
            Entries = entries.Length == 0 ? null : entries,
            SentAt = replica.Now,
        });
        member.OnSent(entries, _log.Commit);
    }

    private LogEntry[] ReadFrom(LogIndex from)
    {
        if (_shared.Length > 0 && _shared[0].Index == from && _sharedLast == _log.LastIndex)
        {
            return _shared;
        }

        _read.Clear();
        _log.Read(from, _log.LastIndex, replica.Options.MaxAppendBytes, _read);
        _shared = [.. _read];
        _sharedLast = _log.LastIndex;
        _read.Clear();
        return _shared;
    }
}
