namespace ShardStore.Cluster.Tests.Support;

/// <summary>A theory that needs a foreign program or file; says which one where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] paths) => Skip = ToolFactAttribute.Missing(paths);
}
