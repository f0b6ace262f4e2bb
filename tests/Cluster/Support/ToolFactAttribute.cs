namespace ShardStore.Cluster.Tests.Support;

/// <summary>A test that needs a foreign program or file; says which one where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] paths) => Skip = Missing(paths);

    internal static string? Missing(string[] paths)
    {
        var missing = paths.Where(path => !File.Exists(path)).ToArray();
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} is not installed (./test as root does it)";
    }
}
