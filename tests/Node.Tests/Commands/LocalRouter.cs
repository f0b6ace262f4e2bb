using System.Buffers;
using System.Collections.Concurrent;
using ShardStore.Node.Commands;

namespace ShardStore.Node.Tests.Commands;

/// <summary>All shards in one process and one thread: writes go through the same entries as in a cluster, applied at
/// once, also to a second replica that must stay equal.</summary>
internal sealed class LocalRouter : IRequestRouter, IDisposable
{
    private readonly Dictionary<int, Shard> _shards = [];
    private readonly BlockingCollection<ClientRequest> _mailbox = [];
    private readonly Thread _thread;
    private readonly ArrayBufferWriter<byte> _entry = new();

    private sealed class Shard
    {
        public ShardStateMachine Leader { get; } = new(new DictionaryStore());
        public ShardStateMachine Follower { get; } = new(new DictionaryStore());
        public ulong Index { get; set; }
    }

    public LocalRouter(int shardCount, Func<long>? clockMs = null)
    {
        ClockMs = clockMs ?? (() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        for (var id = 1; id <= shardCount; id++)
            _shards[id] = new Shard();
        _thread = new Thread(Run) { IsBackground = true, Name = "local-router" };
        _thread.Start();
    }

    public Func<long> ClockMs { get; set; }

    public void Submit(ClientRequest request) => _mailbox.Add(request);

    /// <summary>Lets the leader of each shard delete what has expired.</summary>
    public int Expire()
    {
        var entries = 0;
        foreach (var shard in _shards.Values)
        {
            _entry.ResetWrittenCount();
            if (!shard.Leader.TryEncodeExpiry(ClockMs(), 100, _entry))
                continue;
            ApplyToBoth(shard, null);
            entries++;
        }
        return entries;
    }

    public bool ReplicasAreEqual() => _shards.Values.All(shard =>
        shard.Leader.ClockMs == shard.Follower.ClockMs
        && shard.Leader.Store.ContentHash == shard.Follower.Store.ContentHash);

    public long KeyCount => _shards.Values.Sum(shard => shard.Leader.Store.KeyCount);

    public void Dispose()
    {
        _mailbox.CompleteAdding();
        _thread.Join();
        _mailbox.Dispose();
    }

    private void Run()
    {
        foreach (var request in _mailbox.GetConsumingEnumerable())
        {
            try
            {
                Execute(request);
                request.Complete();
            }
            catch (Exception e)
            {
                request.Fail("ERR test router: " + e);
            }
        }
    }

    private void Execute(ClientRequest request)
    {
        var shard = _shards[request.ShardId];
        if (!request.IsWrite)
        {
            shard.Leader.Read(request, ClockMs());
            return;
        }
        _entry.ResetWrittenCount();
        shard.Leader.Encode([request], ClockMs(), _entry);
        ApplyToBoth(shard, [request]);
    }

    private void ApplyToBoth(Shard shard, IReadOnlyList<ClientRequest>? waiting)
    {
        shard.Index++;
        shard.Leader.Apply(shard.Index, _entry.WrittenSpan, waiting);
        shard.Follower.Apply(shard.Index, _entry.WrittenSpan, null);
    }
}
