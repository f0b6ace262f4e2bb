using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;

namespace ShardStore.Cluster.Tests.Recommendations;

/// <summary>Reads of a few shards, as fast as a burst after each pause allows: makes whoever leads them busy.</summary>
internal sealed class ReadLoad : IAsyncDisposable
{
    private const int KeysAShard = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private readonly ShardStoreClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private ReadLoad(ShardStoreClient client, string[] keys)
    {
        _client = client;
        _running = Task.Run(() => RunAsync(keys));
    }

    /// <param name="endpoints">Of all nodes.</param>
    /// <param name="shards">From 1.</param>
    /// <param name="shardCount">As many as the cluster has.</param>
    public static async Task<ReadLoad> StartAsync(
        IReadOnlyList<string> endpoints, IEnumerable<int> shards, int shardCount)
    {
        var keys = shards.SelectMany(shard => CheckedLoad.KeysOf(shard - 1, shardCount, "hot-", KeysAShard)).ToArray();
        return new ReadLoad(await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = endpoints }), keys);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(string[] keys)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.WhenAll(keys.Select(ReadAsync));
            await Task.Delay(Pause);
        }
    }

    private async Task ReadAsync(string key)
    {
        try
        {
            await _client.GetAsync(key);
        }
        catch (ClientException failure)
        {
            // A node is killed on purpose: its shards have no leader for a moment, and anything else is a finding.
            Assert.NotEqual(ClientErrorKind.Protocol, failure.Kind);
        }
    }
}
