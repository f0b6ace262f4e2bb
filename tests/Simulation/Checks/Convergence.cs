using ShardStore.Node.Hosting;
using ShardStore.Node.Replication;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using ShardStore.Storage;

namespace ShardStore.Simulation.Checks;

/// <summary>Once all faults are over, everything must come to rest: what is still missing, in words.</summary>
public sealed class Convergence(SimulatedCluster cluster)
{
    private readonly Dictionary<NodeCore, long> _passes = [];

    /// <summary>Null when all is well.</summary>
    public string? Missing()
    {
        if (cluster.Nodes.FirstOrDefault(node => !node.IsAlive) is { } dead)
            return $"node {dead.Number} is down";
        if (cluster.Nodes.FirstOrDefault(node => node.Core!.Meta.State.Cluster is null) is { } unfounded)
            return $"node {unfounded.Number} knows no cluster";
        var meta = cluster.Nodes[0].Core!.Meta.State;
        if (meta.ActiveMigrations.FirstOrDefault() is { } migration)
            return $"migration {migration}";
        if (Differences(0, [.. cluster.Nodes.Select(node => node.Number)], []) is { } difference)
            return difference;
        foreach (var shard in meta.Shards.Values)
        {
            var holders = shard.Replicas.Select(replica => replica.Node).ToArray();
            var ids = shard.Replicas.Select(replica => replica.ReplicaId).Order().ToArray();
            if (holders.Length != Math.Min(cluster.Shape.Replicas, cluster.Shape.Nodes))
                return $"shard {shard.Id} has {holders.Length} replicas on record";
            if ((Differences((ulong)shard.Id, holders, ids) ?? Misrouted(shard.Id, holders)) is { } missing)
                return missing;
        }
        return cluster.Nodes.Select(Damaged).FirstOrDefault(damaged => damaged is not null);
    }

    /// <summary>A node has read all again since the last fault, and says that nothing is damaged: then this must be
    /// true. Two passes, since one may have begun before.</summary>
    private string? Damaged(SimulatedNode node)
    {
        var core = node.Core!;
        var scrub = core.Scrub.Figures;
        _passes.TryAdd(core, scrub.Passes);
        if (scrub.Open > 0)
            return $"node {node.Number} says that something is damaged";
        if (scrub.Passes < _passes[core] + 2)
            return $"node {node.Number} has not read everything again";
        if (DamageOf(core) is { } damage)
            SimulatedWorld.Fail($"node {node.Number} overlooks that {damage}");
        return null;
    }

    private static string? DamageOf(NodeCore core)
    {
        try
        {
            foreach (var group in core.Host.Groups)
                ReadAll(group.Machine.Store.OpenScrub());
            ReadAll(core.Host.Log.OpenScrub());
            return null;
        }
        catch (StorageCorruptException damage)
        {
            return damage.Message;
        }
    }

    private static void ReadAll(IScrub? scrub)
    {
        while (scrub?.Read(int.MaxValue) > 0)
        {
            // It throws at the first damaged byte.
        }
        scrub?.Dispose();
    }

    private string? Differences(ulong id, int[] holders, ulong[] members)
    {
        if (cluster.Nodes.FirstOrDefault(n => !holders.Contains(n.Number) && GroupOf(n, id) is not null) is { } stray)
            return $"node {stray.Number} holds a replica of group {id} that is not on record";
        var groups = holders.Select(number => GroupOf(cluster.Node(number), id)).ToArray();
        if (Array.IndexOf(groups, null) is var absent and >= 0)
            return $"node {holders[absent]} has no replica of group {id}";
        var first = groups[0]!;
        foreach (var group in groups)
        {
            if (group!.Raft.AppliedIndex != group.Raft.LastIndex || group.Raft.AppliedIndex != first.Raft.AppliedIndex)
            {
                var applied = groups.Select(g => $"{g!.Raft.AppliedIndex} of {g.Raft.LastIndex}");
                return $"group {id}: applied {string.Join(", ", applied)}";
            }
            if (group.Machine.Store.ContentHash != first.Machine.Store.ContentHash)
                return $"group {id}: replicas differ at index {first.Raft.AppliedIndex}";
            if (group.Machine.Store.ComputeContentHash() != group.Machine.Store.ContentHash)
                return $"group {id}: the content hash is not that of the content";
        }
        var configuration = first.Raft.Configuration;
        var voters = configuration.Voters.Select(voter => voter.Value).Order().ToArray();
        if (members.Length > 0 && !voters.SequenceEqual(members))
            return $"group {id}: voters {string.Join(',', voters)}, on record {string.Join(',', members)}";
        return configuration.VotersOutgoing.Length > 0 || (members.Length > 0 && configuration.Learners.Length > 0)
            ? $"group {id}: a change of members is not finished: {configuration}"
            : null;
    }

    // Whichever node a client asks, it is sent to who leads the shard.
    private string? Misrouted(int shard, int[] holders)
    {
        var leader = holders.FirstOrDefault(number => GroupOf(cluster.Node(number), (ulong)shard)!.IsReadyLeader);
        var lost = cluster.Nodes.FirstOrDefault(node => leader == 0
            || node.Core!.Routing.Map.Shard(shard)?.LeaderNode != leader);
        return lost is null ? null : $"node {lost.Number} routes shard {shard} to node "
            + $"{lost.Core!.Routing.Map.Shard(shard)?.LeaderNode}, its leader is node {leader}";
    }

    private static ReplicaGroup? GroupOf(SimulatedNode node, ulong id) => node.Core!.Host.Group(id);
}
