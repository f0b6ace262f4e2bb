namespace ShardStore.Client;

/// <summary>A value and the version that <see cref="ShardStoreClient.CompareAndSetAsync"/> expects.</summary>
/// <param name="Value">The value; null when the key does not exist.</param>
/// <param name="Version">Its version, larger after each write of the key; 0 when the key does not exist.</param>
public readonly record struct VersionedValue(KvBytes? Value, long Version);
