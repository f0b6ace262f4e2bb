namespace ShardStore.Raft;

/// <summary>The one place that decides when a message may leave: at once, or only when what it promises (a vote, a
/// term, log entries) is on stable storage here.</summary>
internal sealed class Outbox(PersistLedger ledger, RaftLog log)
{
    private readonly List<Message> _now = [];

    // Promises not durable yet, and not yet tied to a Ready.
    private readonly List<Message> _afterPersist = [];

    // Promises that an outstanding Ready makes durable, though a later one carries nothing to persist.
    private readonly List<(ulong Number, Message Message)> _held = [];

    public bool HasAny => _now.Count > 0 || _afterPersist.Count > 0;

    public void Send(in Message message, HardState current)
    {
        (IsDurable(message, current) ? _now : _afterPersist).Add(message);
    }

    public void MoveInto(Ready ready)
    {
        if (_afterPersist.Count > 0)
        {
            PlaceWaiting(ready);
        }

        ready.SendNow.AddRange(_now);
        _now.Clear();
    }

    public void OnPersisted(ulong number, Term term)
    {
        int released = 0;
        for (; released < _held.Count && _held[released].Number <= number; released++)
        {
            // A promise of an older term is of no use to anyone any more.
            if (_held[released].Message.Term == term)
            {
                _now.Add(_held[released].Message);
            }
        }

        _held.RemoveRange(0, released);
    }

    private void PlaceWaiting(Ready ready)
    {
        if (ready.MustPersist)
        {
            ready.SendAfterPersist.AddRange(_afterPersist);
        }
        else if (ledger.IsOutstanding)
        {
            foreach (Message message in _afterPersist)
            {
                _held.Add((ledger.LastNumber, message));
            }
        }
        else
        {
            _now.AddRange(_afterPersist);
        }

        _afterPersist.Clear();
    }

    private bool IsDurable(in Message message, HardState current)
    {
        HardState durable = ledger.Durable;
        return message.Type switch
        {
            MessageType.Vote => durable.Term == current.Term && durable.Vote == current.Vote,
            MessageType.VoteReply => message.Reject || (durable.Term == current.Term && durable.Vote == current.Vote),
            // The term too: having forgotten it, we could take entries of an older leader over the acknowledged ones.
            MessageType.AppendReply => message.Reject
                || (durable.Term == current.Term && log.PendingBase is null && message.Index <= log.Durable),
            _ => true,
        };
    }
}
