namespace ShardStore.Cluster.Tests.Support;

/// <summary>The real `shardstore ctl` against one node.</summary>
internal static class Ctl
{
    /// <summary>What it wrote; it must have ended well.</summary>
    public static async Task<string> RunAsync(int adminPort, params string[] arguments)
    {
        var (code, output, errors) = await NodeProcess.RunAsync(
            ["ctl", .. arguments, "--admin", $"http://127.0.0.1:{adminPort}"]);
        return new ToolResult(code, output, errors).Checked();
    }
}
