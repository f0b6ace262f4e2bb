namespace ShardStore.Balancer.Capacity;

/// <summary>A question about capacity that has no answer. The message says what is wrong and what is allowed.
/// </summary>
public sealed class CapacityException(string message) : Exception(message);
