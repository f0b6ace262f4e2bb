namespace ShardStore.Node.Cli.Ctl;

/// <summary>The admin API refused or did not answer. The message is one line for the operator.</summary>
public sealed class AdminProblemException(string message) : Exception(message);
