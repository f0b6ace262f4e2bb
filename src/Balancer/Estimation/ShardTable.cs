using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>What is kept of each shard from one snapshot to the next. Snapshots mostly list the same shards in the same
/// order, so that a value is found by its place; a search by id would cost more than all that is done with it.
/// </summary>
internal sealed class ShardTable<TValue>
    where TValue : struct
{
    private ShardId[] _ids = [];
    private TValue[] _values = [];
    private Dictionary<ShardId, int>? _places;

    /// <summary>The values of a snapshot's shards, in its order: a new one for a shard that was not in the last, and
    /// none any more for one that is gone.</summary>
    public Span<TValue> Follow(ImmutableArray<ShardLoad> shards)
    {
        if (!IsSame(shards))
        {
            var (ids, values) = (new ShardId[shards.Length], new TValue[shards.Length]);
            for (var i = 0; i < ids.Length; i++)
                (ids[i], values[i]) = (shards[i].Id, Find(i, shards[i].Id));
            (_ids, _values, _places) = (ids, values, null);
        }
        return _values;
    }

    /// <summary>The value of a shard, or a new one.</summary>
    /// <param name="place">Where it is likely to be.</param>
    /// <param name="id">Which it is.</param>
    public TValue Find(int place, ShardId id)
    {
        if (place < _ids.Length && _ids[place] == id)
            return _values[place];
        _places ??= PlacesOf(_ids);
        return _places.TryGetValue(id, out var found) ? _values[found] : default;
    }

    private bool IsSame(ImmutableArray<ShardLoad> shards)
    {
        if (shards.Length != _ids.Length)
            return false;
        for (var i = 0; i < _ids.Length; i++)
        {
            if (shards[i].Id != _ids[i])
                return false;
        }
        return true;
    }

    private static Dictionary<ShardId, int> PlacesOf(ShardId[] ids)
    {
        var places = new Dictionary<ShardId, int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
            places[ids[i]] = i;
        return places;
    }
}
