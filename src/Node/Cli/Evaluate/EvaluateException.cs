namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The evaluation cannot be done or is not complete. The message is one line.</summary>
internal sealed class EvaluateException(string message, Exception? inner = null) : IOException(message, inner);
