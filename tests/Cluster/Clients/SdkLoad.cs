using System.Collections.Concurrent;
using ShardStore.Client;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>A load through the SDK that checks every answer: each worker owns its keys, so it knows what must come.
/// </summary>
internal sealed class SdkLoad(ShardStoreClient client, string prefix)
{
    private const int Workers = 16;
    private const int KeysPerWorker = 16;
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentDictionary<string, long> _counters = new();
    private long _operations;

    public IReadOnlyCollection<string> Problems => _problems;
    public IReadOnlyDictionary<string, long> Counters => _counters;
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Runs until told to stop; the calls under way then still end.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(worker, stop)));

    private async Task WorkAsync(int worker, CancellationToken stop)
    {
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var number = turn % KeysPerWorker;
            await CountAsync($"{prefix}:count:{worker}:{number}");
            await SetAndGetAsync($"{prefix}:load:{worker}:{number}", $"{turn}");
        }
    }

    private async Task CountAsync(string key)
    {
        var counted = await client.IncrementAsync(key);
        if (!counted.IsDone)
        {
            _problems.Enqueue($"{key}: {counted}");
            return;
        }
        Interlocked.Increment(ref _operations);
        var wanted = _counters.GetValueOrDefault(key) + 1;
        _counters[key] = wanted;
        if (counted.Value != wanted)
            _problems.Enqueue($"{key} is {counted.Value}, not {wanted}");
    }

    private async Task SetAndGetAsync(string key, string value)
    {
        try
        {
            (await client.SetAsync(key, value)).EnsureDone();
            var found = await client.GetStringAsync(key);
            if (found != value)
                _problems.Enqueue($"{key} is {found}, not {value}");
            Interlocked.Add(ref _operations, 2);
        }
        catch (ClientException refused)
        {
            _problems.Enqueue($"{key}: {refused.Message}");
        }
    }
}
