using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Simulation.Clients;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>All clients of one run: callers of the SDK on every shard and redis-py, and what they saw.</summary>
internal sealed class NemesisLoad : IAsyncDisposable
{
    private const int CallersAShard = 2;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly ShardStoreClient _client;
    private readonly IndependentLoad _independent;
    private readonly ShardHistory[] _served;
    private readonly SdkCaller[] _callers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _calling;

    private CallerSeat SeatOf(int number, int seed)
    {
        var shard = number % NemesisCluster.Shards;
        return new CallerSeat($"s{number}", shard, seed + number, _served[shard]);
    }

    private NemesisLoad(NemesisCluster cluster, ShardStoreClient client, string run, int seed)
    {
        var plan = new KeyPlan(run);
        _client = client;
        _served = [.. Enumerable.Range(1, NemesisCluster.Shards).Select(shard => new ShardHistory(shard))];
        _callers =
        [
            .. Enumerable.Range(0, NemesisCluster.Shards * CallersAShard).Select(number => new SdkCaller(
                client, History, plan, SeatOf(number, seed))),
        ];
        _independent = IndependentLoad.Start(cluster, plan, seed);
        _calling = Task.WhenAll(_callers.Select(caller => Task.Run(() => caller.RunAsync(_stop.Token))));
    }

    public SharedHistory History { get; } = new();

    /// <summary>Operations of redis-py, known at the end.</summary>
    public int Independent { get; private set; }

    /// <summary>Longest time without an answered write of the shard that waited longest.</summary>
    public TimeSpan LongestGap => _served.Max(shard => shard.LongestGap);

    public static async Task<NemesisLoad> StartAsync(NemesisCluster cluster, string run, int seed) => new(
        cluster, await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = cluster.Endpoints }), run, seed);

    public void ResetGaps()
    {
        foreach (var shard in _served)
            shard.Reset();
    }

    /// <summary>Until every shard has answered a write that was sent after this call.</summary>
    public async Task WaitServedAsync(TimeSpan timeout)
    {
        // Twice: an answer may have been on its way.
        for (var round = 0; round < 2; round++)
        {
            var asked = System.Diagnostics.Stopwatch.GetTimestamp();
            await Waiting.UntilAsync(
                () => _served.All(shard => shard.WroteSince(asked)), timeout,
                () => "no write on shards " + string.Join(' ', _served.Where(shard => !shard.WroteSince(asked))
                    .Select(shard => shard.Shard)) + ": " + string.Join("; ", _callers
                    .Select(caller => caller.LastProblem).Distinct().Take(4)));
        }
    }

    /// <summary>Ends all calls and reads every key once more: what was acknowledged last must be there now.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _calling.WaitAsync(EndTimeout);
        Independent = await _independent.StopAsync(History);
        foreach (var key in History.ByKey().Keys)
        {
            var read = new Operation { Key = key, Kind = OperationKind.Get, CalledAt = KeyPlan.NowNs };
            read.Result = await _client.GetStringAsync(key, EndTimeout);
            read.ReturnedAt = KeyPlan.NowNs;
            History.Add(read);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _independent.DisposeAsync();
        await _client.DisposeAsync();
        _stop.Dispose();
    }
}
