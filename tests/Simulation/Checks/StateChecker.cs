using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Simulation.Checks;

/// <summary>Watches all replicas: one leader a term, one entry an index for ever, one content at an index.</summary>
public sealed class StateChecker(SimulatedWorld world)
{
    private readonly Dictionary<(ulong Group, ulong Term), ReplicaId> _leaders = [];
    private readonly Dictionary<(ulong Group, ulong Index), (ulong Term, uint Crc)> _entries = [];
    private readonly Dictionary<(ulong Group, ulong Index), (ulong Hash, int Node)> _contents = [];
    private readonly Dictionary<ReplicaGroup, (ulong Applied, uint Generation)> _seen = [];
    private readonly List<LogRecord> _records = [];

    public void Watch(SimulatedNode node)
    {
        var host = node.Core!.Host;
        host.LeadershipChanged += group => OnLeadership(node, group);
        foreach (var group in host.Groups)
            OnLeadership(node, group);
    }

    /// <summary>After a turn of a node.</summary>
    public void Look(SimulatedNode node)
    {
        var host = node.Core!.Host;
        foreach (var group in host.Groups)
        {
            var applied = group.Raft.AppliedIndex.Value;
            var seen = _seen.GetValueOrDefault(group);
            if (applied == seen.Applied)
                continue;
            _seen[group] = (applied, group.Identity.Generation);
            if (applied < seen.Applied)
                SimulatedWorld.Fail($"node {node.Number} group {group.Id}: applied {applied} after {seen.Applied}");
            // What a checkpoint brought is not in the log, where older, lost entries may lie for another moment.
            if (seen.Generation == group.Identity.Generation)
                CheckEntries(node, host, group, seen.Applied);
            CheckContent(node, group, applied);
        }
    }

    private void OnLeadership(SimulatedNode node, ReplicaGroup group)
    {
        if (group.Raft.Role != RaftRole.Leader)
            return;
        var key = (group.Id, group.Raft.Term.Value);
        world.Note($"node {node.Number} leads group {group.Id} in term {group.Raft.Term}");
        world.Counters.Count("elections won");
        if (!_leaders.TryAdd(key, group.Raft.Self) && _leaders[key] != group.Raft.Self)
        {
            SimulatedWorld.Fail(
                $"group {group.Id} has two leaders in term {group.Raft.Term}: {_leaders[key]} and {group.Raft.Self}");
        }
    }

    private void CheckEntries(SimulatedNode node, ReplicaHost host, ReplicaGroup group, ulong seen)
    {
        _records.Clear();
        var from = Math.Max(seen + 1, host.Log.FirstPosition(group.Id));
        var applied = group.Raft.AppliedIndex.Value;
        if (from <= applied)
            host.Log.Read(group.Id, from, applied, long.MaxValue, _records);
        foreach (var record in _records)
        {
            var entry = (record.Tag, Crc32C.Compute(record.Payload.Span, record.Kind));
            var key = (group.Id, record.Position);
            world.Trace.Add(((ulong)entry.Item2 << 32) | (uint)record.Position);
            if (!_entries.TryAdd(key, entry) && _entries[key] != entry)
            {
                SimulatedWorld.Fail(
                    $"node {node.Number} group {group.Id}: entry {record.Position} of term {record.Tag} was applied, "
                    + $"but another of term {_entries[key].Term} before");
            }
        }
    }

    private void CheckContent(SimulatedNode node, ReplicaGroup group, ulong applied)
    {
        var hash = group.Machine.Store.ContentHash;
        if (_contents.TryAdd((group.Id, applied), (hash, node.Number)))
            return;
        var known = _contents[(group.Id, applied)];
        if (known.Hash != hash)
        {
            SimulatedWorld.Fail(
                $"group {group.Id} at index {applied}: node {node.Number} has content {hash:x}, node {known.Node} had "
                + $"{known.Hash:x}");
        }
    }
}
