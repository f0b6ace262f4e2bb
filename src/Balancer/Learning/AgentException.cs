namespace ShardStore.Balancer.Learning;

/// <summary>An agent that cannot be used. The message names the field by path, its value and what is allowed.</summary>
public sealed class AgentException(string path, string message, Exception? cause = null)
    : Exception($"agent {path}: {message}", cause);
