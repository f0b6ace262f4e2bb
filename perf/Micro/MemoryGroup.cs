using ShardStore.Raft;

namespace ShardStore.Micro;

/// <summary>One Raft group in memory: what is written is durable at once, what is sent arrives at once.</summary>
internal sealed class MemoryGroup
{
    private const ulong Kept = 1024;
    private readonly RaftNode[] _nodes;
    private readonly RingLog[] _logs;
    private readonly Queue<Message> _wire = new();
    private long _nowMicros = 10_000_000;

    public MemoryGroup(int replicas)
    {
        ReplicaId[] ids = [.. Enumerable.Range(1, replicas).Select(id => new ReplicaId((ulong)id))];
        var configuration = new Configuration { Voters = [.. ids] };
        _logs = [.. ids.Select(_ => new RingLog())];
        _nodes = [.. ids.Select((id, i) => new RaftNode(
            new RaftOptions(),
            new RaftStart { Self = id, Configuration = configuration, CampaignAtOnce = i == 0 },
            _logs[i], id.Value, _nowMicros))];
        Settle();
        if (_nodes[0].Role != RaftRole.Leader)
            throw new InvalidOperationException($"replica 1 is {_nodes[0].Role} after its election");
    }

    public ulong Commit => _nodes[0].Commit.Value;

    public void Propose(ReadOnlyMemory<byte> payload)
    {
        if (_nodes[0].Propose(payload, out _) is var result and not ProposeResult.Ok)
            throw new InvalidOperationException($"a proposal was answered with {result}");
    }

    /// <summary>Until nobody has anything left to do.</summary>
    public void Settle()
    {
        _nowMicros += 10;
        bool any;
        do
        {
            any = false;
            for (var i = 0; i < _nodes.Length; i++)
            {
                for (; _nodes[i].HasReady; any = true)
                    Take(_nodes[i], _logs[i]);
            }
            for (; _wire.TryDequeue(out var message); any = true)
                _nodes[message.To.Value - 1].Step(message, _nowMicros);
        }
        while (any);
    }

    private void Take(RaftNode node, RingLog log)
    {
        var ready = node.TakeReady();
        foreach (var message in ready.SendNow)
            _wire.Enqueue(message);
        foreach (var entry in ready.Entries)
            log.Append(entry);
        foreach (var message in ready.SendAfterPersist)
            _wire.Enqueue(message);
        var applied = ready.Committed.Count > 0 ? ready.Committed[^1].Index : default;
        node.Persisted(ready.Number);
        if (applied.Value == 0)
            return;
        node.Applied(applied);
        if (applied.Value > Kept)
            log.CutBefore(applied.Value - Kept);
    }
}
