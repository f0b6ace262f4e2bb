using System.Collections.Immutable;

namespace ShardStore.Node.Routing;

/// <summary>What the RESP front knows about the cluster. Both are immutable snapshots that are replaced as a whole;
/// callers read each once per request.</summary>
public interface IClusterView
{
    ShardMap Map { get; }

    /// <summary>This node's number in the map.</summary>
    int SelfNode { get; }

    /// <summary>Shards this node leads now, sorted by id: what KEYS, SCAN, DBSIZE and FLUSHALL cover.</summary>
    ImmutableArray<int> LedShards { get; }
}
