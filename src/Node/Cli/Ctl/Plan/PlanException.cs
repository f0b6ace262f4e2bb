namespace ShardStore.Node.Cli.Ctl.Plan;

/// <summary>A plan that cannot be made or is not complete. The message is one line.</summary>
internal sealed class PlanException(string message, Exception? inner = null) : IOException(message, inner);
