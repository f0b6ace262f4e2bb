using ShardStore.Storage;

namespace ShardStore.Node.Scrubbing;

/// <summary>Something on the disk of a replica's store is damaged.</summary>
/// <param name="Generation">Of the store's directory: the next one is another copy.</param>
/// <param name="Failure">What was found: file, offset, and what was expected there.</param>
public sealed record StoreDamage(uint Generation, StorageCorruptException Failure);
