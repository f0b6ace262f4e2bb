using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Tests;

/// <summary>The fixed seeds, run once for all tests that look at them. Each run is one thread of its own.</summary>
public sealed class FixedSeedRuns
{
    public const int First = 1;
    public const int Count = 300;

    public FixedSeedRuns()
    {
        Results = [.. Enumerable.Range(First, Count)
            .AsParallel()
            .AsOrdered()
            .WithDegreeOfParallelism(Math.Clamp(Environment.ProcessorCount, 1, 4))
            .Select(seed => Simulator.Run(seed))];
        foreach (var result in Results)
            Totals.Add(result.Counters);
    }

    public IReadOnlyList<RunResult> Results { get; }

    public RunCounters Totals { get; } = new();
}
