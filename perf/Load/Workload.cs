using ShardStore.Node.Bench;

namespace ShardStore.Load;

/// <summary>One way to load a cluster.</summary>
internal sealed record Workload(string Name, double Reads, int Pipeline)
{
    public static readonly Workload[] All =
    [
        new("SET", 0, 1), new("GET", 1, 1), new("SET", 0, 16), new("GET", 1, 16),
    ];

    public BenchOptions OptionsFor(IReadOnlyList<string> endpoints, int seconds) => new()
    {
        Endpoints = endpoints,
        Seconds = seconds,
        Connections = 50,
        Pipeline = Pipeline,
        Reads = Reads,
        Keys = 100_000,
        ValueBytes = 100,
    };
}
