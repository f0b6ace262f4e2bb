using ShardStore.Node.Bench;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>The load of one run: open loop, each request at its own time whatever became of those before, the same to
/// the last request in both runs of a round. Every shard is asked by connections of its own, so that a full node makes
/// its own clients wait and nobody else's.</summary>
internal sealed class CompareLoad : IDisposable
{
    /// <summary>Enough that a shard is asked for several things at once while it answers in time.</summary>
    public const int LanesAShard = 4;

    private readonly DemoLoad _load;
    private readonly DemoLoadPlan _plan;

    public CompareLoad(IReadOnlyList<string> endpoints, DemoLoadPlan plan)
    {
        _plan = plan;
        _load = new DemoLoad(new DemoKeys(plan.Shards), endpoints, plan);
    }

    public DemoTraffic Traffic => _load.Traffic;
    public double ElapsedS => _load.ElapsedS;

    /// <summary>How much too late a request went out whose connection was free: the generator's own fault, or the
    /// machine's.</summary>
    public LatencyHistogram Lag { get; } = new();

    /// <summary>Sets every key once, so that reads find something.</summary>
    public Task SeedAsync() => _load.SeedAsync(CancellationToken.None);

    /// <summary>Sets when the load begins. Before <see cref="RunAsync"/>.</summary>
    public void BeginIn(TimeSpan wait) => _load.BeginIn(wait);

    /// <summary>Requests due from a second on that failed.</summary>
    public long FailedFrom(int second) => _load.FailedFrom(second);

    /// <summary>Ends when the last request is answered or given up.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var lanes = Enumerable.Range(0, _plan.Shards * LanesAShard)
            .Select(number => new ShardLane(_load, _plan, (number / LanesAShard) + 1, number % LanesAShard, Lag))
            .ToArray();
        try
        {
            await Task.WhenAll(lanes.Select(lane => Task.Run(() => lane.RunAsync(stop), CancellationToken.None)));
        }
        finally
        {
            foreach (var lane in lanes)
                await lane.DisposeAsync();
        }
    }

    public void Dispose() => _load.Dispose();
}
