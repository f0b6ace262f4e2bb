using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ShardStore.Node.Routing;
using ShardStore.Node.Telemetry;
using ShardStore.Storage;

namespace ShardStore.Node.Placement;

/// <summary>The cluster's own state in typed form. Every record also lives in the group's store, so checkpoints,
/// snapshots and hashes of the meta group work like those of any shard.</summary>
public sealed class MetaState
{
    private const int ScanRecords = 1_000;
    public const int EventsKept = 500;
    public const int MigrationsKept = 500;
    public const int PoliciesKept = 50;

    /// <summary>Recommendations that are over. Those that are not are as many as the planner proposes, at most the
    /// policy's rows.</summary>
    public const int EndedRecommendationsKept = 300;

    /// <summary>Batches of load history. Each step of each level is one: 15 days of five minutes and four hours of
    /// minutes are 4,560. The rest is room for imports.</summary>
    public const int HistoryBatchesMax = 20_000;

    public ClusterRecord? Cluster { get; private set; }
    public SortedDictionary<int, NodeRecord> Nodes { get; } = [];

    /// <summary>Members of once, by number: what comes from them counts no more.</summary>
    public SortedDictionary<int, NodeRecord> Removed { get; } = [];

    public SortedDictionary<int, ShardRecord> Shards { get; } = [];
    public SortedDictionary<long, MigrationRecord> Migrations { get; } = [];
    public SortedDictionary<long, EventRecord> Events { get; } = [];
    public PolicyRecord? Policy { get; private set; }

    /// <summary>The newest policies by version, the one in force among them.</summary>
    public SortedDictionary<long, PolicyRecord> Policies { get; } = [];

    /// <summary>What the planner proposes and what became of it.</summary>
    public SortedDictionary<long, RecommendationRecord> Recommendations { get; } = [];

    /// <summary>Models of the demand forecaster.</summary>
    public ModelSet Models { get; private set; } = ModelSet.Founding;

    /// <summary>Their bytes, by number: of those in <see cref="Models"/> that did not come with the program.</summary>
    public ImmutableDictionary<long, ReadOnlyMemory<byte>> ModelBytes { get; private set; } =
        ImmutableDictionary<long, ReadOnlyMemory<byte>>.Empty;

    /// <summary>Batches of load history, oldest first: number and when nobody needs them any more, in unix seconds.
    /// The bytes are in the store only (<see cref="ReadHistory"/>): every node has them in its rings already.</summary>
    public SortedDictionary<long, long> History { get; } = [];

    public IEnumerable<MigrationRecord> ActiveMigrations => Migrations.Values.Where(migration => !migration.IsOver);

    public void Set(IKeyValueStore store, ulong index, ClusterRecord record)
    {
        Cluster = record;
        Put(store, index, "cluster", record, MetaJson.Default.ClusterRecord);
    }

    public void Set(IKeyValueStore store, ulong index, NodeRecord record)
    {
        Nodes[record.Number] = record;
        Put(store, index, $"node/{record.Number:d5}", record, MetaJson.Default.NodeRecord);
    }

    /// <summary>A node's number for the next one that is admitted.</summary>
    public int NextNode => Nodes.Keys.Concat(Removed.Keys).Append(Cluster?.FoundingNodes ?? 0).Max() + 1;

    public void Remove(IKeyValueStore store, ulong index, NodeRecord record)
    {
        Nodes.Remove(record.Number);
        store.Delete(KeySpace.User, Encoding.ASCII.GetBytes($"node/{record.Number:d5}"), index);
        Removed[record.Number] = record;
        Put(store, index, $"removed/{record.Number:d5}", record, MetaJson.Default.NodeRecord);
    }

    public void Set(IKeyValueStore store, ulong index, ShardRecord record)
    {
        Shards[record.Id] = record;
        Put(store, index, $"shard/{record.Id:d5}", record, MetaJson.Default.ShardRecord);
    }

    public void Set(IKeyValueStore store, ulong index, MigrationRecord record)
    {
        Migrations[record.Id] = record;
        Put(store, index, $"migration/{record.Id:d10}", record, MetaJson.Default.MigrationRecord);
        while (Migrations.Count > MigrationsKept && Migrations.First().Value.IsOver)
        {
            var oldest = Migrations.First().Key;
            Migrations.Remove(oldest);
            store.Delete(KeySpace.User, Encoding.ASCII.GetBytes($"migration/{oldest:d10}"), index);
        }
    }

    public void Set(IKeyValueStore store, ulong index, EventRecord record)
    {
        Events[record.Id] = record;
        Put(store, index, $"event/{record.Id:d10}", record, MetaJson.Default.EventRecord);
        while (Events.Count > EventsKept)
        {
            var oldest = Events.First().Key;
            Events.Remove(oldest);
            store.Delete(KeySpace.User, Encoding.ASCII.GetBytes($"event/{oldest:d10}"), index);
        }
    }

    public void Set(IKeyValueStore store, ulong index, PolicyRecord record)
    {
        Policy = record;
        Put(store, index, "policy", record, MetaJson.Default.PolicyRecord);
        Policies[record.Version] = record;
        Put(store, index, $"policies/{record.Version:d10}", record, MetaJson.Default.PolicyRecord);
        while (Policies.Count > PoliciesKept)
        {
            var oldest = Policies.First().Key;
            Policies.Remove(oldest);
            store.Delete(KeySpace.User, Encoding.ASCII.GetBytes($"policies/{oldest:d10}"), index);
        }
    }

    /// <summary>Also forgets the oldest that are over at <paramref name="nowMs"/>, where there are too many.</summary>
    public void Set(IKeyValueStore store, ulong index, RecommendationRecord record, long nowMs)
    {
        Recommendations[record.Id] = record;
        Put(store, index, $"recommendation/{record.Id:d10}", record, MetaJson.Default.RecommendationRecord);
        var over = Recommendations.Values.Where(known => known.IsOver(nowMs)).Select(known => known.Id).ToArray();
        foreach (var oldest in over.SkipLast(EndedRecommendationsKept))
            Forget(store, index, oldest);
    }

    /// <summary>A proposal that the planner no longer makes and that nobody said anything about leaves no trace.
    /// </summary>
    public void Forget(IKeyValueStore store, ulong index, long recommendation)
    {
        Recommendations.Remove(recommendation);
        store.Delete(KeySpace.User, Encoding.ASCII.GetBytes($"recommendation/{recommendation:d10}"), index);
    }

    public void PutModel(IKeyValueStore store, ulong index, long number, byte[] onnx)
    {
        ModelBytes = ModelBytes.SetItem(number, onnx);
        store.Put(KeySpace.User, ModelKey(number), onnx, 0, index);
    }

    /// <summary>Also forgets the bytes of models that are no longer among them.</summary>
    public void Set(IKeyValueStore store, ulong index, ModelSet models)
    {
        Models = models;
        Put(store, index, "models", models, MetaJson.Default.ModelSet);
        foreach (var gone in ModelBytes.Keys.Where(number => !models.Has(number)).ToArray())
        {
            ModelBytes = ModelBytes.Remove(gone);
            store.Delete(KeySpace.User, ModelKey(gone), index);
        }
    }

    /// <summary>Adds a batch and drops those that are over at <paramref name="nowMs"/>, or too many.</summary>
    public void AddHistory(IKeyValueStore store, ulong index, byte[] batch, (long ExpiresUnixSeconds, long NowMs) times)
    {
        var number = History.Count == 0 ? 1 : History.Last().Key + 1;
        History[number] = times.ExpiresUnixSeconds;
        store.Put(KeySpace.User, HistoryKey(number), batch, 0, index);
        var over = History.Where(known => known.Value <= times.NowMs / 1000).Select(known => known.Key);
        foreach (var old in over.Concat(History.Keys.Take(History.Count - HistoryBatchesMax)).Distinct().ToArray())
        {
            History.Remove(old);
            store.Delete(KeySpace.User, HistoryKey(old), index);
        }
    }

    /// <summary>The batches' bytes, oldest first.</summary>
    public IEnumerable<byte[]> ReadHistory(IKeyValueStore store)
    {
        var record = new RecordBuffer();
        foreach (var number in History.Keys)
        {
            if (store.TryRead(KeySpace.User, HistoryKey(number), record))
                yield return record.Value.ToArray();
        }
    }

    /// <summary>The routing view of this state.</summary>
    public ShardMap ToShardMap()
    {
        var nodes = Nodes.Values.Select(node => new NodeEntry(
            node.Number, node.Name, node.HexId, node.Host, node.Port, node.PeerPort, node.AdminPort, node.Zone,
            node.CapacityCores));
        var shards = Shards.Values.OrderBy(shard => shard.FirstSlot).Select(shard => new ShardEntry(
            shard.Id, shard.FirstSlot, shard.LastSlot,
            [.. shard.Replicas.Select(r => new ReplicaEntry(r.ReplicaId, r.Node, r.IsVoter, r.ReadWeight))],
            shard.LeaderNode, shard.LeaderTerm));
        return new ShardMap(Cluster?.Epoch ?? 0, Cluster?.ClusterId ?? "", [.. nodes], [.. shards]);
    }

    /// <summary>Reads everything back from a store.</summary>
    public static MetaState Load(IKeyValueStore store)
    {
        var state = new MetaState();
        var loader = new Loader(state);
        var cursor = 0UL;
        do
        {
            cursor = store.Scan(cursor, ScanRecords, loader);
        }
        while (cursor != 0);
        return state;
    }

    private static byte[] HistoryKey(long number) => Encoding.ASCII.GetBytes($"history/{number:d10}");

    private static byte[] ModelKey(long number) => Encoding.ASCII.GetBytes($"model/{number:d10}");

    private static void Put<T>(IKeyValueStore store, ulong index, string key, T record, JsonTypeInfo<T> type) =>
        store.Put(
            KeySpace.User, Encoding.ASCII.GetBytes(key), JsonSerializer.SerializeToUtf8Bytes(record, type), 0, index);

    private sealed class Loader(MetaState state) : IRecordVisitor
    {
        public void Visit(
            KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
        {
            var name = Encoding.ASCII.GetString(key);
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            switch (slash < 0 ? name : name[..slash])
            {
                case "cluster":
                    state.Cluster = JsonSerializer.Deserialize(value, MetaJson.Default.ClusterRecord);
                    break;
                case "policy":
                    state.Policy = JsonSerializer.Deserialize(value, MetaJson.Default.PolicyRecord);
                    break;
                case "models":
                    state.Models = JsonSerializer.Deserialize(value, MetaJson.Default.ModelSet)!;
                    break;
                case "model":
                    var number = long.Parse(name[(slash + 1)..]);
                    state.ModelBytes = state.ModelBytes.SetItem(number, value.ToArray());
                    break;
                case "policies":
                    var policy = JsonSerializer.Deserialize(value, MetaJson.Default.PolicyRecord)!;
                    state.Policies[policy.Version] = policy;
                    break;
                case "node":
                    var node = JsonSerializer.Deserialize(value, MetaJson.Default.NodeRecord)!;
                    state.Nodes[node.Number] = node;
                    break;
                case "removed":
                    var gone = JsonSerializer.Deserialize(value, MetaJson.Default.NodeRecord)!;
                    state.Removed[gone.Number] = gone;
                    break;
                case "shard":
                    var shard = JsonSerializer.Deserialize(value, MetaJson.Default.ShardRecord)!;
                    state.Shards[shard.Id] = shard;
                    break;
                case "migration":
                    var migration = JsonSerializer.Deserialize(value, MetaJson.Default.MigrationRecord)!;
                    state.Migrations[migration.Id] = migration;
                    break;
                case "recommendation":
                    var row = RecommendationRecord.Read(value);
                    state.Recommendations[row.Id] = row;
                    break;
                case "event":
                    var entry = JsonSerializer.Deserialize(value, MetaJson.Default.EventRecord)!;
                    state.Events[entry.Id] = entry;
                    break;
                case "history":
                    // One that cannot be read was never taken; it goes with the next batch.
                    LoadBatchReader.TryReadExpiry(value, out var expires, out _);
                    state.History[long.Parse(name[(slash + 1)..])] = expires;
                    break;
            }
        }
    }
}
