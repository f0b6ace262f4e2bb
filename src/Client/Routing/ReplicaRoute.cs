namespace ShardStore.Client.Routing;

/// <summary>A replica that takes reads. <paramref name="ReadWeight"/>: percent of the slot's reads, 1 to 100.</summary>
internal readonly record struct ReplicaRoute(NodeAddress Address, int ReadWeight);
