using ShardStore.Node.Clocks;

namespace ShardStore.Node.Replication;

/// <summary>Which part of a turn took how long: while the loop is in one, no heartbeat leaves and no lease is renewed,
/// so a long turn must be seen and named. Owned by the loop; the longest may be read from anywhere.</summary>
public sealed class TurnWatch(IClock clock)
{
    private long _turnMicros;
    private long _partMicros;
    private string _part = "";

    /// <summary>The slowest part of the last turn, and its time.</summary>
    public string SlowestPart { get; private set; } = "";

    public long SlowestPartMicros { get; private set; }

    /// <summary>Time of the last whole turn.</summary>
    public long LastMicros { get; private set; }

    /// <summary>Longest turn since start. Unit: microseconds.</summary>
    public long LongestMicros { get; private set; }

    public void Begin(string part)
    {
        _turnMicros = _partMicros = clock.MonotonicMicros;
        _part = part;
        (SlowestPart, SlowestPartMicros) = ("", 0);
    }

    /// <summary>The part so far is over, the next one begins.</summary>
    public void Enter(string part)
    {
        var now = clock.MonotonicMicros;
        if (now - _partMicros > SlowestPartMicros)
            (SlowestPart, SlowestPartMicros) = (_part, now - _partMicros);
        (_part, _partMicros) = (part, now);
    }

    public void End()
    {
        Enter("");
        LastMicros = _partMicros - _turnMicros;
        LongestMicros = Math.Max(LongestMicros, LastMicros);
    }
}
