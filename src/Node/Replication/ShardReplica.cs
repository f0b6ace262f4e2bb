using System.Diagnostics;
using ShardStore.Node.Commands;
using ShardStore.Node.Telemetry;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>The machine behind a shard's group: client commands over the shard's store, metered, plus the hash
/// markers by which replicas prove that they are equal.</summary>
public sealed class ShardReplica : IGroupMachine
{
    /// <summary>First byte of a payload that is not client commands but a hash marker.</summary>
    public const byte HashMarker = 0xFE;

    private const int MarkersMax = 16;
    private readonly SortedDictionary<ulong, ulong> _hashes = [];

    public ShardReplica(int shardId, IKeyValueStore store, long clockMs)
    {
        ShardId = shardId;
        Meter = new ShardMeter(shardId);
        Store = store;
        Commands = new ShardStateMachine(store, clockMs);
    }

    public int ShardId { get; }
    public IKeyValueStore Store { get; private set; }
    public ShardStateMachine Commands { get; private set; }
    public ShardMeter Meter { get; }
    public long ClockMs => Commands.ClockMs;

    public void Apply(ulong index, ReadOnlySpan<byte> payload, IProposal? waiting)
    {
        if (payload.Length > 0 && payload[0] == HashMarker)
        {
            Remember(index);
            (waiting as HashProposal)?.OnApplied(index, Store.ContentHash);
            return;
        }
        var started = Stopwatch.GetTimestamp();
        var batch = waiting as ClientBatch;
        Commands.Apply(index, payload, batch?.Requests);
        Meter.AddCpuTicks(Stopwatch.GetTimestamp() - started);
        if (batch is null)
            return;
        foreach (var request in batch.Requests)
            Count(request);
        batch.CompleteAll(Meter);
    }

    /// <summary>Executes a read into the request's reply; completing it is the caller's. False, with no reply, when
    /// only an entry of the leader's may answer it: see <see cref="ShardStateMachine.Read"/>.</summary>
    public bool TryRead(ClientRequest request, long nowMs)
    {
        var started = Stopwatch.GetTimestamp();
        var stands = Commands.Read(request, nowMs);
        Meter.AddCpuTicks(Stopwatch.GetTimestamp() - started);
        if (stands)
            Count(request);
        else
            request.Reply.Clear();
        return stands;
    }

    private void Count(ClientRequest request)
    {
        if (request.IsWrite)
            Meter.AddWrite(request.PayloadBytes, request.Reply.Length);
        else
            Meter.AddRead(request.PayloadBytes, request.Reply.Length);
    }

    public IGroupMachine Beside(IKeyValueStore store, long clockMs) => new ShardReplica(ShardId, store, clockMs);

    public void OnStoreReplaced(IKeyValueStore store, long clockMs)
    {
        Store = store;
        Commands = new ShardStateMachine(store, clockMs);
    }

    /// <summary>The content hash as it was right after the marker at <paramref name="index"/> was applied.</summary>
    public bool TryGetHash(ulong index, out ulong hash) => _hashes.TryGetValue(index, out hash);

    private void Remember(ulong index)
    {
        _hashes[index] = Store.ContentHash;
        if (_hashes.Count > MarkersMax)
            _hashes.Remove(_hashes.Keys.First());
    }
}
