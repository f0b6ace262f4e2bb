using System.Collections.Immutable;
using System.Net;
using ShardStore.Node.Commands;
using ShardStore.Node.Routing;
using ShardStore.Node.Server;

namespace ShardStore.Node.Tests.Commands;

/// <summary>One node that leads all shards, behind a real socket.</summary>
internal sealed class LocalCluster : IClusterView, IAsyncDisposable
{
    private LocalCluster(LocalRouter? local, IRequestRouter router, RespServerOptions options, ShardMap map)
    {
        Local = local;
        Map = map;
        LedShards = [.. map.Shards.Select(shard => shard.Id).Order()];
        Server = new RespServer(options, router, this);
        Server.Start();
    }

    public LocalRouter? Local { get; }
    public RespServer Server { get; }
    public ShardMap Map { get; set; }
    public int SelfNode => 1;
    public ImmutableArray<int> LedShards { get; set; }
    public int Port => Server.EndPoint.Port;

    public static LocalCluster Start(
        int shardCount = 1, string? password = null, ServerLimits? limits = null, IRequestRouter? router = null)
    {
        var options = new RespServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Password = password,
            Limits = limits ?? new ServerLimits(),
            DrainTime = TimeSpan.FromSeconds(2),
        };
        var local = router == null ? new LocalRouter(shardCount) : null;
        return new LocalCluster(local, router ?? local!, options, MapOf(shardCount));
    }

    public static ShardMap MapOf(int shardCount)
    {
        var nodes = Enumerable.Range(1, 2).Select(number => new NodeEntry(
            number, $"n{number}", new string((char)('a' + number), 40), "127.0.0.1", 7000 + number, 7100 + number,
            8000 + number, "z1", 1));
        var shards = Enumerable.Range(1, shardCount).Select(id => new ShardEntry(
            id, (id - 1) * ShardMap.SlotCount / shardCount, (id * ShardMap.SlotCount / shardCount) - 1,
            [new ReplicaEntry((ulong)id << 16 | 1, 1, true, 100), new ReplicaEntry((ulong)id << 16 | 2, 2, true, 0)],
            1, 1));
        return new ShardMap(3, "test", [.. nodes], [.. shards]);
    }

    public Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(Port);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Local?.Dispose();
    }
}
