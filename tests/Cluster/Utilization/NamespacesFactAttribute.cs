namespace ShardStore.Cluster.Tests.Utilization;

/// <summary>A test that makes network namespaces with packet filters; says why it is skipped where that cannot be.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespacesFactAttribute : FactAttribute
{
    public NamespacesFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "network namespaces need Linux and root";
        else if (!new[] { "ip", "nft" }.All(IsHere))
            Skip = "network namespaces need the programs ip and nft (packages iproute2 and nftables)";
    }

    private static bool IsHere(string program) =>
        new[] { "/usr/sbin", "/sbin", "/usr/bin", "/bin" }.Any(folder => File.Exists(Path.Combine(folder, program)));
}
