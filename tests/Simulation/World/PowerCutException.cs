namespace ShardStore.Simulation.World;

/// <summary>The process ends here, inside a disk operation. Nothing may catch it and go on.</summary>
public sealed class PowerCutException(string operation) : Exception($"died in a {operation}");
