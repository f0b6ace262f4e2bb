using ShardStore.Node.Replication;
using ShardStore.Storage;

namespace ShardStore.Node.Scrubbing;

/// <summary>Which stores of this node are damaged and not replaced yet. Owned by the loop; counts may be read from any
/// thread.</summary>
public sealed class DamageBoard
{
    private readonly SortedDictionary<ulong, StoreDamage> _stores = [];
    private int _storesNow;

    /// <summary>Stores that are damaged now.</summary>
    public int StoresNow => Volatile.Read(ref _storesNow);

    /// <summary>Groups whose store here is damaged, by id.</summary>
    public IReadOnlyCollection<ulong> Groups => _stores.Keys;

    public event Action<ReplicaGroup, StoreDamage>? Found;

    /// <summary>The store was replaced by another copy. True: one with the content hash that the damaged one had kept
    /// up in memory; false: with another, so reads may have been wrong; null: of another index, which tells nothing.
    /// </summary>
    public event Action<ReplicaGroup, StoreDamage, bool?>? Repaired;

    /// <summary>True unless the store's files are known to be damaged: then nobody may be served from it who could be
    /// served elsewhere, and nobody gets a copy of it.</summary>
    public bool IsSound(ReplicaGroup group) => !_stores.ContainsKey(group.Id);

    public void Report(ReplicaGroup group, StorageCorruptException failure)
    {
        var damage = new StoreDamage(group.Identity.Generation, failure);
        if (group.Stopped || !_stores.TryAdd(group.Id, damage))
            return;
        Count();
        Found?.Invoke(group, damage);
    }

    public void OnReplaced(ReplicaGroup group, bool? hasEqualContent)
    {
        if (!_stores.Remove(group.Id, out var damage))
            return;
        Count();
        Repaired?.Invoke(group, damage, hasEqualContent);
    }

    public void OnRemoved(ReplicaGroup group)
    {
        _stores.Remove(group.Id);
        Count();
    }

    private void Count() => Volatile.Write(ref _storesNow, _stores.Count);
}
