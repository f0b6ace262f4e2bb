namespace ShardStore.Storage.Log;

/// <summary>A segment in which something is damaged, until it is given up.</summary>
/// <param name="Segment">Its number.</param>
/// <param name="Failure">What was found first: file, offset, and what was expected there.</param>
public sealed record LogDamage(ulong Segment, StorageCorruptException Failure);
