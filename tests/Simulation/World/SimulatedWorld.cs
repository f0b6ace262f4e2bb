namespace ShardStore.Simulation.World;

/// <summary>What all parts of one run share. One thread; everything random comes from the one seed.</summary>
public sealed class SimulatedWorld(int seed)
{
    private const int LogLinesMax = 200;
    private readonly Queue<string> _log = new();
    private long _stamp;

    public int Seed { get; } = seed;
    public EventQueue Events { get; } = new();
    public Random Random { get; } = new(seed);
    public TraceHash Trace { get; } = new();
    public RunCounters Counters { get; } = new();

    /// <summary>Where lines go as they are noted, for a replay; null = they are only kept for a failure.</summary>
    public TextWriter? Echo { get; set; }

    public long NowMicros => Events.NowMicros;

    /// <summary>The last things worth telling when a run fails.</summary>
    public IEnumerable<string> LastLines => _log;

    /// <summary>A place in the order of all that clients saw.</summary>
    public long NextStamp() => ++_stamp;

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>From <paramref name="least"/> to below <paramref name="below"/>. Short ones are likelier.</summary>
    public long Between(long least, long below)
    {
        var share = Random.NextDouble();
        return least + (long)((below - least) * share * share);
    }

    public void Note(string line)
    {
        Trace.Add(line);
        var text = $"{NowMicros / 1e6,10:F6} {line}";
        Echo?.WriteLine(text);
        _log.Enqueue(text);
        if (_log.Count > LogLinesMax)
            _log.Dequeue();
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Fail(string message) => throw new ViolationException(message);
}
