using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;

namespace ShardStore.Cluster.Tests.Recommendations;

/// <summary>Reads of a few shards in bursts: makes whoever leads them busy. Each request looks a key up many times, so
/// that it costs the node far more than it costs this process, which may have to share a busy machine.</summary>
internal sealed class ReadLoad : IAsyncDisposable
{
    private const int LookupsARequest = 1_000;
    private const int Bursts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private readonly ShardStoreClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private ReadLoad(ShardStoreClient client, RawCommand[] requests)
    {
        _client = client;
        _running = Task.WhenAll(Enumerable.Range(0, Bursts).Select(_ => Task.Run(() => RunAsync(requests))));
    }

    /// <param name="endpoints">Of all nodes.</param>
    /// <param name="shards">From 1.</param>
    /// <param name="shardCount">As many as the cluster has.</param>
    public static async Task<ReadLoad> StartAsync(
        IReadOnlyList<string> endpoints, IEnumerable<int> shards, int shardCount)
    {
        var requests = shards.Select(shard => RequestOf(CheckedLoad.KeysOf(shard - 1, shardCount, "hot-", 1).Single()));
        return new ReadLoad(
            await ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = endpoints }), [.. requests]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(RawCommand[] requests)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.WhenAll(requests.Select(ReadAsync));
            await Task.Delay(Pause);
        }
    }

    private static RawCommand RequestOf(string key) => new()
    {
        Name = "EXISTS",
        Arguments = [.. Enumerable.Repeat<KvBytes>(key, LookupsARequest)],
        Kind = RawCommandKind.Read,
    };

    private async Task ReadAsync(RawCommand request)
    {
        try
        {
            await _client.ExecuteAsync(request);
        }
        catch (ClientException failure)
        {
            // A node is killed on purpose: its shards have no leader for a moment, and anything else is a finding.
            Assert.NotEqual(ClientErrorKind.Protocol, failure.Kind);
        }
    }
}
