namespace ShardStore.Node.Cli.Ctl;

/// <summary>The admin API refused or did not answer. The message is one line for the operator.</summary>
public sealed class AdminProblemException(string message) : Exception(message)
{
    /// <summary>The cluster has said no, so that asking again is no use.</summary>
    public bool IsFinal { get; init; }
}
