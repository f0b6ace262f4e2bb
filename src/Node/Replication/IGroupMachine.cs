using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>What a group's log drives: a shard's data or the cluster's own state. Deterministic; used by the loop
/// only. Everything it must keep is in <see cref="Store"/>, so checkpoints and snapshots are the same for both.
/// </summary>
public interface IGroupMachine
{
    IKeyValueStore Store { get; }

    /// <summary>The highest leader's clock applied, carried in checkpoints. Unix milliseconds.</summary>
    long ClockMs { get; }

    /// <summary>Applies a command entry and, where the proposer waits here, answers it.</summary>
    void Apply(ulong index, ReadOnlySpan<byte> payload, IProposal? waiting);

    /// <summary>Another machine of this kind over another store, for entries that are to be in it before it takes the
    /// place of this one's.</summary>
    IGroupMachine Beside(IKeyValueStore store, long clockMs);

    /// <summary>The store was replaced by a snapshot: forget everything derived from the old one.</summary>
    void OnStoreReplaced(IKeyValueStore store, long clockMs);
}
