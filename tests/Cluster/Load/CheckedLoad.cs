using System.Globalization;
using System.Text;
using ShardStore.Client;
using ShardStore.Resp;

namespace ShardStore.Cluster.Tests.Load;

/// <summary>SDK load in which every write is unique and remembered, so that at the end everything acknowledged can be
/// read back and compared. Each shard has workers of its own: one that is down must not hide behind the others.
/// </summary>
internal sealed class CheckedLoad : IAsyncDisposable
{
    private const int KeysAWorker = 40;
    private readonly ShardStoreClient _client;
    private readonly List<LoadWorker> _workers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private CheckedLoad(ShardStoreClient client, LoadShape shape)
    {
        _client = client;
        Histories = [.. Enumerable.Range(0, shape.Shards).Select(shard => new ShardHistory(shard + 1))];
        for (var number = 0; number < shape.Shards * shape.WorkersAShard; number++)
        {
            var shard = number % shape.Shards;
            var keys = KeysOf(shard, shape.Shards, $"{shape.Name}-{number}-", KeysAWorker)
                .Select(key => new KeyLedger(key, shape.ValueBytes)).ToArray();
            _workers.Add(new LoadWorker(client, Histories[shard], keys, shape.Pause));
        }
        _running = Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(_stop.Token))));
    }

    /// <summary>By shard, from 0.</summary>
    public IReadOnlyList<ShardHistory> Histories { get; }

    public IEnumerable<string> Problems => _workers.SelectMany(worker => worker.Problems);

    public TimeSpan LongestGap => Histories.Max(history => history.LongestGap);

    public LoadCounts Counts => _workers.Select(worker => worker.Counts).Aggregate((a, b) => new LoadCounts(
        a.Operations + b.Operations, a.Acknowledged + b.Acknowledged, a.Unknown + b.Unknown, a.NotDone + b.NotDone,
        a.FailedReads + b.FailedReads));

    public static async Task<CheckedLoad> StartAsync(IReadOnlyList<string> endpoints, LoadShape shape) =>
        new(await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = endpoints }), shape);

    /// <summary>Keys whose slots lie in one of equally many shards, as a new cluster cuts them.</summary>
    public static IEnumerable<string> KeysOf(int shard, int shards, string prefix, int count)
    {
        var (first, next) = (shard * HashSlot.Count / shards, (shard + 1) * HashSlot.Count / shards);
        return Enumerable.Range(0, int.MaxValue)
            .Select(number => prefix + number.ToString(CultureInfo.InvariantCulture))
            .Where(key => HashSlot.Of(Encoding.ASCII.GetBytes(key)) is var slot && slot >= first && slot < next)
            .Take(count);
    }

    /// <summary>Latencies go into a new record from here on.</summary>
    public Latencies BeginPhase()
    {
        var latencies = new Latencies();
        foreach (var worker in _workers)
            worker.Latencies = latencies;
        return latencies;
    }

    public void ResetGaps()
    {
        foreach (var history in Histories)
            history.Reset();
    }

    /// <summary>Waits until every shard acknowledged a write that is newer than this call.</summary>
    public async Task WaitServedAsync(TimeSpan timeout)
    {
        var asked = System.Diagnostics.Stopwatch.GetTimestamp();
        await Support.Waiting.UntilAsync(
            () => Histories.All(history => history.WroteSince(asked)), timeout,
            () => "no write on shards " + string.Join(' ', Histories
                .Where(history => !history.WroteSince(asked)).Select(history => history.Shard))
                + "; " + string.Join("; ", Problems.Take(5)));
    }

    /// <summary>Waits until so many more calls have ended.</summary>
    public Task WaitOperationsAsync(long more, TimeSpan timeout)
    {
        var goal = Counts.Operations + more;
        return Support.Waiting.UntilAsync(
            () => Counts.Operations >= goal, timeout, () => $"{Counts}; {string.Join("; ", Problems.Take(5))}");
    }

    public async Task<LoadCounts> StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
        return Counts;
    }

    /// <summary>Reads every key with an acknowledged write through a new client and tells what is not as it must be,
    /// values that were wrong during the load included.</summary>
    public async Task<IReadOnlyList<string>> ReadBackAsync(IReadOnlyList<string> endpoints)
    {
        var lost = _workers.SelectMany(worker => worker.Wrong).ToList();
        await using var fresh = await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = endpoints });
        foreach (var key in _workers.SelectMany(worker => worker.Keys).Where(key => key.Acknowledged > 0))
        {
            var value = await fresh.GetAsync(key.Key, TimeSpan.FromSeconds(20));
            if (key.Check(value is { } found ? found.Span : [], value is null) is { } problem)
                lost.Add(problem);
        }
        return lost;
    }

    /// <summary>The last acknowledged write of each key that has one.</summary>
    public IReadOnlyDictionary<string, long> AcknowledgedNow() => _workers.SelectMany(worker => worker.Keys)
        .Select(key => (key.Key, key.Acknowledged)).Where(key => key.Acknowledged > 0)
        .ToDictionary(key => key.Key, key => key.Acknowledged);

    /// <summary>Reads a copy that was made at some time after <paramref name="acknowledged"/> was, and tells what is
    /// not as it must be. After the load.</summary>
    public async Task<IReadOnlyList<string>> CheckCopyAsync(
        IReadOnlyList<string> endpoints, IReadOnlyDictionary<string, long> acknowledged)
    {
        var lost = new List<string>();
        await using var copy = await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = endpoints });
        foreach (var key in _workers.SelectMany(worker => worker.Keys))
        {
            var value = await copy.GetAsync(key.Key, TimeSpan.FromSeconds(20));
            var least = acknowledged.GetValueOrDefault(key.Key);
            if (key.Check(value is { } found ? found.Span : [], value is null, least) is { } problem)
                lost.Add(problem);
        }
        return lost;
    }

    public int KeysWritten => _workers.Sum(worker => worker.Keys.Count(key => key.Acknowledged > 0));

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
            await StopAsync();
        await _client.DisposeAsync();
        _stop.Dispose();
    }
}
