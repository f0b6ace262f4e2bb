using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>How one seed went. <paramref name="Failure"/> null: every promise was kept.</summary>
public sealed record RunResult(
    int Seed, string? Failure, ulong TraceHash, RunCounters Counters, double VirtualSeconds,
    IReadOnlyList<string> LastLines)
{
    public string ReplayCommand =>
        $"dotnet run -c Release --project tests/Simulation -- --first {Seed} --seeds 1";

    public string Report => Failure is null
        ? $"seed {Seed}: clean, trace {TraceHash:x16}"
        : $"seed {Seed}: {Failure}\n{string.Join('\n', LastLines)}\nreplay: {ReplayCommand}";
}
