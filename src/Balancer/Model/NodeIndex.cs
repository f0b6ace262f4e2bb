namespace ShardStore.Balancer;

/// <summary>The place of each node by its id. Every replica of a snapshot is looked up in it, millions in a large
/// cluster. Ids are counted up from 1, so that a table serves nearly always; where they lie far apart, a dictionary
/// does.</summary>
internal sealed class NodeIndex
{
    /// <summary>Entries of a table that may be empty, for each node and for any cluster.</summary>
    private const int SpreadMax = 16;

    private const int TableAlways = 1024;
    private const int Absent = -1;

    private readonly int[] _table;
    private readonly Dictionary<int, int>? _sparse;

    /// <summary>Has room for these nodes and knows none of them yet.</summary>
    public NodeIndex(ReadOnlySpan<NodeLoad> nodes)
    {
        var max = 0;
        foreach (var node in nodes)
            max = Math.Max(max, node.Id.Value);
        var isDense = max < TableAlways + ((long)SpreadMax * nodes.Length);
        _table = isDense ? new int[max + 1] : [];
        Array.Fill(_table, Absent);
        _sparse = isDense ? null : new Dictionary<int, int>(nodes.Length);
    }

    /// <summary>False, and no change, for an id that is known already.</summary>
    /// <param name="id">1 or more, of one of the nodes given at the start.</param>
    /// <param name="place">What <see cref="TryFind"/> is to answer; 0 or more.</param>
    public bool TryAdd(NodeId id, int place)
    {
        if (_sparse is not null)
            return _sparse.TryAdd(id.Value, place);
        if (_table[id.Value] != Absent)
            return false;
        _table[id.Value] = place;
        return true;
    }

    public bool TryFind(NodeId id, out int place)
    {
        if (_sparse is not null)
            return _sparse.TryGetValue(id.Value, out place);
        place = (uint)id.Value < (uint)_table.Length ? _table[id.Value] : Absent;
        return place != Absent;
    }
}
