using System.Diagnostics;
using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Moves;

/// <summary>Five nodes, three replicas, and one shard of more than 200 MB, whose values are all known. Filled once:
/// each test moves it on from where it lies.</summary>
public sealed class LoadedCluster : IAsyncLifetime
{
    internal const int ShardId = 1;
    internal const int ShardCount = 5;
    private const int ValueBytes = 64 << 10;
    private const int Values = 3_400;
    private const int WritersMax = 16;
    private const int MovesToSeeStage = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KeyLedger[] _values = CheckedLoad.KeysOf(ShardId - 1, ShardCount, "bulk-", Values)
        .Select(key => new KeyLedger(key, ValueBytes)).ToArray();

    internal ClusterProcess Cluster { get; private set; } = null!;
    internal AdminApi Api { get; private set; } = null!;
    internal static long BulkBytes => (long)Values * ValueBytes;
    internal TimeSpan FillTime { get; private set; }
    internal TimeSpan FillCpuTime { get; private set; }

    /// <summary>Of all nodes since their start.</summary>
    internal TimeSpan CpuTime =>
        Enumerable.Range(0, Cluster.Count).Aggregate(TimeSpan.Zero, (sum, node) => sum + Cluster[node].CpuTime);

    public async Task InitializeAsync()
    {
        Cluster = await ClusterProcess.StartAsync(new ClusterShape { Nodes = 5, Shards = ShardCount });
        Api = new AdminApi(Cluster.AdminPorts);
        var cpuBefore = CpuTime;
        var began = Stopwatch.GetTimestamp();
        await using var client = await ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = Cluster.Endpoints, Deadline = Patience });
        await Parallel.ForEachAsync(
            _values, new ParallelOptions { MaxDegreeOfParallelism = WritersMax }, async (key, stop) =>
            {
                (await client.SetAsync(key.Key, key.NextValue(), cancellationToken: stop)).EnsureDone();
                key.OnAcknowledged();
            });
        FillCpuTime = CpuTime - cpuBefore;
        FillTime = Stopwatch.GetElapsedTime(began);
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        if (Cluster is not null)
            await Cluster.DisposeAsync();
    }

    internal Task<CheckedLoad> StartLoadAsync(string name) => CheckedLoad.StartAsync(
        Cluster.Endpoints, new LoadShape { Name = name, Shards = ShardCount, WorkersAShard = 4, ValueBytes = 1_000 });

    /// <summary>Begins to move the shard away from its leader to a node that has no replica of it.</summary>
    internal async Task<Move> BeginMoveAsync()
    {
        var shard = await Api.ShardAsync(ShardId);
        Assert.NotNull(shard.Leader);
        var holders = shard.Replicas.Select(replica => replica.Node).ToArray();
        var free = (await Api.NodesAsync()).First(node => !holders.Contains(node.Name) && node.State == "active");
        return new Move(Api, await Api.MigrateAsync(ShardId, shard.Leader, free.Name));
    }

    /// <summary>A move that is in a stage now. A short stage may pass unseen: then the shard moves once more.</summary>
    internal async Task<Move> BeginMoveUntilAsync(string stage)
    {
        var missed = new List<Move>();
        while (missed.Count < MovesToSeeStage)
        {
            var move = await BeginMoveAsync();
            if (await move.ReachesAsync(stage))
                return move;
            missed.Add(move);
        }
        Assert.Fail($"{stage} was over {missed.Count} times before it was seen: {string.Join("; ", missed)}");
        return missed[^1];
    }

    /// <summary>How old the oldest sample is that any node has of any node.</summary>
    internal async Task<long> OldestUtilizationMsAsync()
    {
        var oldestMs = 0L;
        foreach (var port in Cluster.AdminPorts)
        {
            using var one = new AdminApi([port]);
            foreach (var node in await one.NodesAsync())
            {
                Assert.NotNull(node.Utilization);
                oldestMs = Math.Max(oldestMs, node.Utilization.AgeMs);
            }
        }
        return oldestMs;
    }

    /// <summary>What of the big values is missing or changed.</summary>
    internal async Task<IReadOnlyList<string>> ReadBackBulkAsync()
    {
        await using var client = await ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = Cluster.Endpoints, Deadline = Patience });
        var lost = new List<string>();
        foreach (var chunk in _values.Chunk(WritersMax))
        {
            var values = await Task.WhenAll(chunk.Select(key => client.GetAsync(key.Key).AsTask()));
            lost.AddRange(chunk.Zip(values, Check).OfType<string>());
        }
        return lost;
    }

    private static string? Check(KeyLedger key, KvBytes? value) =>
        key.Check(value is { } found ? found.Span : [], value is null);

    /// <summary>Waits until each node's disk holds exactly the replicas that the map gives it.</summary>
    internal async Task WaitTidyAsync()
    {
        var wrong = "";
        await Waiting.UntilAsync(
            async () =>
            {
                var shards = await Api.ShardsAsync();
                wrong = string.Join("; ", Enumerable.Range(0, Cluster.Count).Select(node => Untidy(shards, node))
                    .OfType<string>());
                return wrong.Length == 0;
            },
            Patience, () => wrong);
    }

    internal string[] DirectoriesOf(int node) =>
        [.. Directory.GetDirectories(Path.Combine(Cluster.DirOf(node), "shards")).Select(Path.GetFileName)!
            .Where(name => !name!.StartsWith("g00000-", StringComparison.Ordinal)).Order()!];

    private string? Untidy(IEnumerable<Node.Admin.Contracts.ShardView> shards, int node)
    {
        var wanted = shards.SelectMany(shard => shard.Replicas
                .Where(replica => replica.Node == $"n{node + 1}")
                .Select(replica => $"g{shard.Id:d5}-r{replica.ReplicaId:x}"))
            .Order();
        var found = DirectoriesOf(node);
        return wanted.SequenceEqual(found.Select(name => name[..name.LastIndexOf('-')]))
            ? null
            : $"n{node + 1} should hold {string.Join(' ', wanted)}, holds {string.Join(' ', found)}";
    }
}
