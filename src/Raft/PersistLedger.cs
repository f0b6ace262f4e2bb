namespace ShardStore.Raft;

/// <summary>Which Readies are still being made durable, and what is durable already. Everything that may be promised
/// to a peer is decided by these facts.</summary>
internal sealed class PersistLedger(HardState durable)
{
    private readonly List<Promise> _outstanding = [];

    /// <summary>Term and vote that are on stable storage.</summary>
    public HardState Durable { get; private set; } = durable;

    /// <summary>Last hard state that a Ready carried.</summary>
    public HardState HandedOut { get; private set; } = durable;

    public bool IsOutstanding => _outstanding.Count > 0;

    public ulong LastNumber => _outstanding[^1].Number;

    public void Add(Ready ready)
    {
        LogIndex last = ready.Entries.Count > 0 ? ready.Entries[^1].Index : default;
        HandedOut = ready.HardState ?? HandedOut;
        _outstanding.Add(new Promise(ready.Number, last, HandedOut, ready.SnapshotBase?.Index ?? default));
    }

    /// <summary>Entries from <paramref name="from"/> on were replaced: no earlier Ready vouches for them any more, even
    /// if an entry of equal index and term should come back later.</summary>
    public void ForgetFrom(LogIndex from)
    {
        for (int at = 0; at < _outstanding.Count; at++)
        {
            Promise promise = _outstanding[at];
            if (promise.LastEntry >= from)
            {
                _outstanding[at] = promise with { LastEntry = from.Previous };
            }
        }
    }

    public void OnPersisted(ulong number, RaftLog log)
    {
        int covered = 0;
        for (; covered < _outstanding.Count && _outstanding[covered].Number <= number; covered++)
        {
            Promise promise = _outstanding[covered];
            Durable = promise.HardState;
            log.MarkBaseDurable(promise.Base);
            log.MarkDurable(promise.LastEntry);
        }

        _outstanding.RemoveRange(0, covered);
    }

    private readonly record struct Promise(ulong Number, LogIndex LastEntry, HardState HardState, LogIndex Base);
}
