using System.Buffers.Binary;
using System.Text;
using ShardStore.Node.Replication;
using ShardStore.Node.Routing;
using ShardStore.Resp;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;
using ShardStore.Storage;

namespace ShardStore.Simulation.Clients;

/// <summary>Counts what repeated writes run into: whether the replica they reach has done them already, and whether
/// it is the one that did.</summary>
public static class RetryWatch
{
    public static void Look(SimulatedWorld world, Operation operation, int client, SimulatedNode node)
    {
        if (ShardOf(operation, node) is not { } shard || node.Core!.Host.Requests.Shard(shard.Id) is not { } here)
            return;
        if (operation.FirstNode == 0)
        {
            operation.FirstNode = node.Number;
            operation.FirstReplicas = [.. shard.Replicas.Select(replica => replica.ReplicaId)];
            return;
        }
        world.Counters.Count("writes sent again");
        if (!here.Group.IsReadyLeader || !Knows(here.Shard, client, operation.OnceNumber))
            return;
        world.Counters.Count("repeats answered from the session");
        if (node.Number != operation.FirstNode)
            world.Counters.Count("repeats met at another node");
        if (!operation.FirstReplicas.Contains(here.Group.Identity.Replica.Value))
            world.Counters.Count("repeats met at a replica that moved in");
    }

    /// <summary>Whether a node leads the shard that did not hold it when the write was sent first.</summary>
    public static bool HasMoved(Operation operation, SimulatedNode node) => operation.FirstReplicas.Count > 0
        && ShardOf(operation, node) is { } shard
        && node.Core!.Host.Group((ulong)shard.Id) is { IsReadyLeader: true } group
        && !operation.FirstReplicas.Contains(group.Identity.Replica.Value);

    private static ShardEntry? ShardOf(Operation operation, SimulatedNode node) =>
        node.Core!.Routing.Map.ShardOfSlot(HashSlot.Of(Encoding.ASCII.GetBytes(operation.Key)));

    // A session record's key is client and lane, its value a version byte, a flag and the last number.
    private static bool Knows(ShardReplica shard, int client, ulong number)
    {
        Span<byte> key = stackalloc byte[10];
        BinaryPrimitives.WriteUInt64BigEndian(key, (ulong)client);
        BinaryPrimitives.WriteUInt16BigEndian(key[8..], SimulatedClient.Lane);
        var record = new RecordBuffer();
        return shard.Store.TryRead(KeySpace.Session, key, record)
            && BinaryPrimitives.ReadUInt64LittleEndian(record.Value[2..]) == number;
    }
}
