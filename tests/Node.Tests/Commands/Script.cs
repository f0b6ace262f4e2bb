namespace ShardStore.Node.Tests.Commands;

/// <summary>Runs lines of "command -> reply" against a node; afterwards its replicas must be equal.</summary>
internal static class Script
{
    public static async Task RunAsync(string script, int shardCount = 1)
    {
        await using var cluster = LocalCluster.Start(shardCount);
        using var client = await cluster.ConnectAsync();
        Run(client, script);
        Assert.True(cluster.Local!.ReplicasAreEqual());
    }

    public static void Run(RespClient client, string script)
    {
        foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(" -> ", 2);
            var reply = client.Call(parts[0]);
            Assert.True(parts[1] == reply, $"{parts[0]}\n  expected {parts[1]}\n  got      {reply}");
        }
    }
}
