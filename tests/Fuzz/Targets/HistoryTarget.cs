using ShardStore.Node.Telemetry;

namespace ShardStore.Fuzz.Targets;

/// <summary>Batches of the load history.</summary>
internal sealed class HistoryTarget : IFuzzTarget
{
    private const int StepSeconds = 60;

    public string Name => "history";

    public IReadOnlyList<byte[]> Corpus { get; } = [Batch(2, 3), Batch(1, 100)];

    public void Seal(byte[] input)
    {
        // No checksum: they travel in log entries.
    }

    public bool Read(byte[] input)
    {
        var isTaken = new LoadRollups(StepSeconds).TryMerge(input, out var error);
        if (!isTaken && string.IsNullOrEmpty(error))
            throw new InvalidOperationException("refused without a word");
        return isTaken;
    }

    public bool IsRefusal(Exception error) => false;

    private static byte[] Batch(int shards, int steps)
    {
        const long startMs = 1_790_000_040_000;
        var rollups = new LoadRollups(StepSeconds);
        for (var step = 0; step < steps; step++)
        {
            for (var shard = 1; shard <= shards; shard++)
                rollups.Add(new ShardDemand(shard, 10 * step, step), startMs + (step * StepSeconds * 1000L));
        }
        rollups.TakeBatches(startMs + (steps * StepSeconds * 1000L));
        return rollups.EncodeAll();
    }
}
