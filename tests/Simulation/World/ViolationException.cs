namespace ShardStore.Simulation.World;

/// <summary>The cluster broke a promise: the run ends here.</summary>
public sealed class ViolationException(string message, Exception? inner = null) : Exception(message, inner);
