using System.Diagnostics;
using System.Numerics;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Hosting;

/// <summary>What each part of a node runs with, from the node's settings and from who it is.</summary>
internal sealed class PartOptions(NodeOptions options, ClusterMembership identity, string diskId)
{
    private const long StoreMemoryBytesMin = 4L << 20;
    private const long StoreMemoryBytesMax = 1L << 30;

    /// <summary>The kernel repeats a lost packet after 200 ms at the soonest.</summary>
    private const int UnacknowledgedMsMin = 300;

    public TransportOptions Transport => new()
    {
        Node = identity.Number,
        Name = options.Id,
        ClusterId = identity.ClusterId,
        DiskId = diskId,
        // Links so long that elections are slow lose more time to a lost packet, too.
        UnacknowledgedMsMax = Math.Max(UnacknowledgedMsMin, options.ElectionMs / 2),
        Listen = options.PeerListen,
    };

    public StoreOptions Stores
    {
        get
        {
            // Each replica gets an equal part; a node of a small cluster holds a replica of every shard.
            var perShard = ((long)options.MemoryMb << 20) / Math.Max(1, options.Shards + 1);
            var bytes = (long)BitOperations.RoundUpToPowerOf2((ulong)perShard / 2);
            return new StoreOptions { MemoryBytes = Math.Clamp(bytes, StoreMemoryBytesMin, StoreMemoryBytesMax) };
        }
    }

    public ReplicaHostOptions Host => new()
    {
        Node = identity.Number,
        Seed = ((ulong)Environment.TickCount64 << 20) ^ (ulong)identity.Number,
        CheckpointBytes = (long)options.CheckpointMb << 20,
        ScrubBytesPerSecond = (long)options.ScrubMbPerSecond << 20,
        Raft = new RaftOptions
        {
            ElectionTimeoutMs = options.ElectionMs,
            HeartbeatMs = options.HeartbeatMs,
            // So that a node that died is replaced in half the time that a silent one is waited for.
            PromiseMs = Math.Max(options.ElectionMs * 2 / 5, Math.Min(options.ElectionMs, 3 * options.HeartbeatMs)),
        },
    };

    public NodeFounding Founding => new()
    {
        ClusterId = identity.ClusterId,
        NodeCount = identity.NodeCount,
        Shards = options.Shards,
        Replicas = options.Replicas,
        Self = new NodeRecord(
            identity.Number, options.Id, HexId, options.Announce.Host, options.Announce.Port, options.PeerListen.Port,
            options.AnnounceAdminPort, options.Zone, options.CapacityCores, Draining: false)
        {
            PeerHost = options.PeerAnnounce.Host,
            DiskId = diskId,
        },
    };

    /// <summary>With the model of the start. One that cannot be used is told by the forecaster, which goes on without
    /// it.</summary>
    public LoadedForecaster LoadForecaster()
    {
        LstmForecaster? model;
        string? problem;
        if (options.ModelPath is { } path)
            LstmForecaster.TryLoad(path, out model, out problem);
        else
            LstmForecaster.TryLoadShipped(out model, out problem);
        return With(model, problem);
    }

    /// <summary>With a model that the cluster was given.</summary>
    public static LoadedForecaster LoadForecaster(ModelRecord model, ReadOnlyMemory<byte> onnx)
    {
        LstmForecaster.TryLoad(onnx, $"model {model.Number}", out var lstm, out var problem);
        return With(lstm, problem);
    }

    private static LoadedForecaster With(LstmForecaster? model, string? problem) =>
        new(DemandForecaster.Standard(model, problem, Stopwatch.GetTimestamp), model);

    public ShardStore.Balancer.BalancerMode BalancerMode => options.Balancer switch
    {
        Node.BalancerMode.Off => ShardStore.Balancer.BalancerMode.Off,
        Node.BalancerMode.Reactive => ShardStore.Balancer.BalancerMode.Reactive,
        _ => ShardStore.Balancer.BalancerMode.Predictive,
    };

    private string HexId => options.Enter is null
        ? ClusterFounding.HexIdOf(identity.ClusterId, options.Id)
        : ClusterFounding.HexIdOf(identity.ClusterId, options.Id, identity.Number);
}
