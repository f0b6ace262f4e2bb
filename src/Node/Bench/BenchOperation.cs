using ShardStore.Client;

namespace ShardStore.Node.Bench;

/// <summary>One operation of the load. <paramref name="DueTimestamp"/>: when it should have been sent (ticks of
/// Stopwatch). <paramref name="Sequence"/>: of a write that will be verified, counts up per key.</summary>
internal readonly record struct BenchOperation(long Key, bool IsWrite, long DueTimestamp, long Sequence)
{
    internal int Tries { get; init; }

    /// <summary>Where an ASK sends it, this once.</summary>
    internal NodeAddress? AskedNode { get; init; }
}
