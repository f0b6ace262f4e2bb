namespace ShardStore.Balancer;

/// <summary>A policy document that cannot be used. The message names the field by path, its value and what is
/// allowed.</summary>
public sealed class PolicyException(string path, string message) : Exception($"policy {path}: {message}")
{
    public string Path { get; } = path;
}
