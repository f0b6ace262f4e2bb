using System.Diagnostics;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>What the workers of one run share.</summary>
internal sealed class BenchRun : IDisposable
{
    /// <summary>Longest key name of any key source. Unit: bytes.</summary>
    internal const int KeyBytesMax = 64;

    private readonly ISlotDemand? _demand;
    private readonly long _startTimestamp;

    /// <param name="options">The load.</param>
    /// <param name="trace">What to replay; null for none.</param>
    internal BenchRun(BenchOptions options, TraceFile? trace)
    {
        Options = options;
        Topology = new BenchTopology(options);
        if (trace is not null)
            _demand = new TraceDemand(trace, options);
        else if (options.Distribution == KeyDistribution.Hotspot)
            _demand = new HotspotDemand(options);
        Keys = _demand is not null
            ? new SlotKeys(options.Keys, _demand)
            : new NumberedKeys(options.Keys, options.Distribution == KeyDistribution.Zipf);
        _startTimestamp = Stopwatch.GetTimestamp();
    }

    internal BenchOptions Options { get; }

    internal BenchTopology Topology { get; }

    internal BenchTally Tally { get; } = new();

    internal IKeySource Keys { get; }

    internal double ElapsedS => Stopwatch.GetElapsedTime(_startTimestamp).TotalSeconds;

    /// <summary>0 = as fast as replies come.</summary>
    internal double RateAt(double elapsedS) => _demand?.RateAt(elapsedS) ?? Options.RatePerSecond;

    internal long TimestampAt(double elapsedS) => _startTimestamp + (long)(elapsedS * Stopwatch.Frequency);

    internal int SlotOf(long key)
    {
        Span<byte> name = stackalloc byte[KeyBytesMax];
        return HashSlot.Of(name[..Keys.Format(key, name)]);
    }

    public void Dispose() => Topology.Dispose();
}
