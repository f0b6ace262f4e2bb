using System.Diagnostics;
using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>The load of one run: open loop, from a moment in the future, and the same in each run to the last request.
/// </summary>
internal sealed class DemoLoad : IDisposable
{
    public const int Workers = 16;

    private readonly Func<int, double, double> _rate;
    private readonly int _shards;
    private long _startTimestamp = long.MaxValue / 2;
    private readonly long[] _failedBySecond;

    /// <param name="keys">What is asked for.</param>
    /// <param name="endpoints">Nodes that tell the map.</param>
    /// <param name="plan">How much, and for how long.</param>
    public DemoLoad(DemoKeys keys, IReadOnlyList<string> endpoints, DemoLoadPlan plan)
    {
        Keys = keys;
        (_rate, _shards, Seconds) = (plan.RateOfShardAt, plan.Shards, plan.Seconds);
        Options = new BenchOptions { Endpoints = endpoints, Connections = Workers };
        Topology = new BenchTopology(Options);
        Traffic = new DemoTraffic(Seconds);
        _failedBySecond = new long[(int)Math.Ceiling(Seconds) + 1];
    }

    public DemoKeys Keys { get; }
    public BenchOptions Options { get; }
    public BenchTopology Topology { get; }
    public DemoTraffic Traffic { get; }
    public double Seconds { get; }

    /// <summary>Since the load began; negative before.</summary>
    public double ElapsedS => SecondsAt(Stopwatch.GetTimestamp());

    public double SecondsAt(long timestamp) => (timestamp - _startTimestamp) / (double)Stopwatch.Frequency;

    public long TimestampAt(double seconds) => _startTimestamp + (long)(seconds * Stopwatch.Frequency);

    /// <summary>Of all shards together.</summary>
    public double RateAt(double seconds)
    {
        var sum = 0.0;
        for (var shard = 1; shard <= _shards; shard++)
            sum += _rate(shard, seconds);
        return Math.Max(sum, 1);
    }

    /// <summary>The shard of a request, by demand and a number from 0 to below 1.</summary>
    public int ShardAt(double seconds, double drawn)
    {
        var point = drawn * RateAt(seconds);
        for (var shard = 1; shard < _shards; shard++)
        {
            point -= _rate(shard, seconds);
            if (point < 0)
                return shard;
        }
        return _shards;
    }

    public void OnFailed(long dueTimestamp)
    {
        var second = Math.Clamp((int)SecondsAt(dueTimestamp), 0, _failedBySecond.Length - 1);
        Interlocked.Increment(ref _failedBySecond[second]);
    }

    /// <summary>Requests due from a second on that failed.</summary>
    public long FailedFrom(int second) => _failedBySecond.AsSpan(second).ToArray().Sum();

    /// <summary>Sets every key once, so that reads find something.</summary>
    public async Task SeedAsync(CancellationToken stop)
    {
        await Topology.StartAsync(stop);
        await using var seeder = new DemoSeeder(this);
        await seeder.RunAsync(stop);
    }

    /// <summary>Sets when the load begins, from now. Before <see cref="RunAsync"/>.</summary>
    public void BeginIn(TimeSpan wait) =>
        _startTimestamp = Stopwatch.GetTimestamp() + (long)(wait.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Ends when the last request is answered or given up.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var workers = Enumerable.Range(0, Workers).Select(number => new DemoWorker(this, number)).ToArray();
        try
        {
            await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(stop), CancellationToken.None)));
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync();
        }
    }

    public void Dispose() => Topology.Dispose();
}
