namespace ShardStore.Cluster.Tests.Disks;

/// <summary>A test that mounts a file system of its own; says why it is skipped where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() =>
        Skip = OperatingSystem.IsLinux() && Environment.UserName == "root" ? null : "mounting needs Linux and root";
}
