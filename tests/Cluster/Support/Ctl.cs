namespace ShardStore.Cluster.Tests.Support;

/// <summary>The real `shardstore ctl` against one node.</summary>
internal static class Ctl
{
    /// <summary>What it wrote; it must have ended well.</summary>
    public static async Task<string> RunAsync(int adminPort, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(
            "dotnet", [NodeProcess.Program, "ctl", .. arguments, "--admin", $"http://127.0.0.1:{adminPort}"]);
        return run.Checked();
    }
}
