namespace ShardStore.Simulation.World;

/// <summary>Virtual time: what happens next is the earliest thing scheduled, ties in the order of scheduling.
/// </summary>
public sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long Micros, long Number)> _events = new();
    private long _number;

    /// <summary>True time since the run began. Unit: microseconds. Nodes only see it through their own clocks.
    /// </summary>
    public long NowMicros { get; private set; }

    public long Executed { get; private set; }

    public void After(long delayMicros, Action action) =>
        _events.Enqueue(action, (NowMicros + Math.Max(0, delayMicros), _number++));

    /// <summary>Runs everything up to a time, or until <paramref name="isDone"/> says so.</summary>
    public void RunUntil(long micros, Func<bool>? isDone = null)
    {
        while (_events.TryPeek(out _, out var next) && next.Micros <= micros)
        {
            NowMicros = next.Micros;
            Executed++;
            _events.Dequeue()();
            if (isDone is not null && isDone())
                return;
        }
        NowMicros = Math.Max(NowMicros, micros);
    }
}
