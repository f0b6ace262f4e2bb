namespace ShardStore.Node.Cli.Simulate;

/// <summary>The simulation cannot be done or is not complete. The message is one line.</summary>
internal sealed class SimulateException(string message, Exception? inner = null) : IOException(message, inner);
