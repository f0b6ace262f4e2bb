using ShardStore.Node.Commands;
using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Simulation.Checks;

/// <summary>Watches all replicas: one leader a term, one lease at a time, one entry an index for ever, one content and
/// one list of members at an index.</summary>
public sealed class StateChecker(SimulatedCluster cluster)
{
    private readonly SimulatedWorld _world = cluster.World;
    private readonly Dictionary<ReplicaGroup, ulong> _checkpoints = [];
    private readonly Dictionary<(ulong Group, ulong Term), ReplicaId> _leaders = [];
    private readonly Dictionary<(ulong Group, ulong Index), (ulong Term, uint Crc)> _entries = [];
    private readonly Dictionary<(ulong Group, ulong Index), (ulong Hash, int Node)> _contents = [];
    private readonly Dictionary<(ulong Group, ulong Index), (uint Crc, int Node)> _members = [];
    private readonly Dictionary<ReplicaGroup, (ulong Applied, uint Generation)> _seen = [];
    private readonly List<LogRecord> _records = [];

    /// <summary>A group has a new leader while another one still believes to lead: group, old and new node.</summary>
    public Action<ulong, int, int> Rivals { get; set; } = (_, _, _) => { };

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
            if (group.Raft.Role == RaftRole.Leader)
                CheckLease(node, group);
            CountCheckpoints(group);
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
            CheckMembers(node, group, applied);
            // What a broken store holds is of no index.
            if (!group.IsBroken)
                CheckContent(node, group, applied);
        }
    }

    private void CheckLease(SimulatedNode node, ReplicaGroup group)
    {
        if (!group.Raft.HoldsLease(node.Clock.Reading))
            return;
        _world.Counters.Count("leases held");
        foreach (var other in OthersThatLead(node, group.Id))
        {
            if (other.Core!.Host.Group(group.Id)!.Raft.HoldsLease(other.Clock.Reading))
                SimulatedWorld.Fail($"group {group.Id}: nodes {node.Number} and {other.Number} both hold a lease");
        }
    }

    private IEnumerable<SimulatedNode> OthersThatLead(SimulatedNode node, ulong group) => cluster.Alive.Where(
        other => other != node && other.Core!.Host.Group(group) is { Raft.Role: RaftRole.Leader });

    private void CountCheckpoints(ReplicaGroup group)
    {
        var index = group.Checkpoints.Checkpointed.Value;
        if (index > _checkpoints.GetValueOrDefault(group))
            _world.Counters.Count("checkpoints");
        _checkpoints[group] = index;
    }

    private void OnLeadership(SimulatedNode node, ReplicaGroup group)
    {
        if (group.Raft.Role != RaftRole.Leader)
            return;
        var key = (group.Id, group.Raft.Term.Value);
        _world.Note($"node {node.Number} leads group {group.Id} in term {group.Raft.Term}");
        _world.Counters.Count("elections won");
        if (OthersThatLead(node, group.Id).FirstOrDefault() is { } old)
        {
            _world.Counters.Count("old leader beside a new one");
            Rivals(group.Id, old.Number, node.Number);
        }
        if (group.Id == 0 && node.Core!.Meta.State.ActiveMigrations.Any())
            _world.Counters.Count("meta leader changed during a move");
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
        if (from <= applied && !TryRead(node, group.Id, from, applied))
            return;
        foreach (var record in _records)
        {
            var entry = (record.Tag, Crc32C.Compute(record.Payload.Span, record.Kind));
            var key = (group.Id, record.Position);
            _world.Trace.Add(((ulong)entry.Item2 << 32) | (uint)record.Position);
            if (_entries.TryAdd(key, entry))
                CountExpiry(group, record);
            else if (_entries[key] != entry)
            {
                SimulatedWorld.Fail(
                    $"node {node.Number} group {group.Id}: entry {record.Position} of term {record.Tag} was applied, "
                    + $"but another of term {_entries[key].Term} before");
            }
        }
    }

    // On a damaged disk the onlooker sees no more than the node would.
    private bool TryRead(SimulatedNode node, ulong group, ulong from, ulong to)
    {
        try
        {
            node.Core!.Host.Log.Read(group, from, to, long.MaxValue, _records);
            return true;
        }
        catch (Exception failure) when (node.Disk.Damage.IsPresent && DiskDamage.Explains(failure))
        {
            _world.Counters.Count("damage: entries could not be looked at");
            return false;
        }
    }

    private void CountExpiry(ReplicaGroup group, LogRecord record)
    {
        if (group.Id != 0 && record.Kind == (byte)EntryKind.Command && record.Payload.Length > 1
            && record.Payload.Span[0] == EntryCodec.FormatVersion && record.Payload.Span[1] == EntryCodec.KindExpiry)
            _world.Counters.Count("keys expired");
    }

    private void CheckMembers(SimulatedNode node, ReplicaGroup group, ulong applied)
    {
        var members = Crc32C.Compute(ConfigurationCodec.Encode(group.Raft.Configuration));
        if (_members.TryAdd((group.Id, applied), (members, node.Number)))
            return;
        var known = _members[(group.Id, applied)];
        if (known.Crc != members)
        {
            SimulatedWorld.Fail($"group {group.Id} at index {applied}: node {node.Number} has other members than node "
                + $"{known.Node} had: {group.Raft.Configuration}");
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
