using System.Diagnostics;
using System.Globalization;
using ShardStore.Node.Tests.Commands;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Server;

public sealed class RedisToolTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Redis_cli_talks_to_the_node()
    {
        await using var cluster = LocalCluster.Start(shardCount: 3);
        await ExpectAsync(cluster, "OK\n", "set", "a", "1");
        await ExpectAsync(cluster, "\"1\"\n", "-c", "--no-raw", "get", "a");
        await ExpectAsync(cluster, "OK\n", "-3", "mset", "{t}a", "1", "{t}b", "2");
        await ExpectAsync(cluster, "a\n{t}a\n{t}b\n", "--scan");
        await ExpectAsync(cluster, "a\n{t}a\n{t}b\n", "keys", "*");
        Assert.Contains("redis_mode:cluster", await RunAsync("redis-cli", cluster, "info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_cli_finds_the_cluster_of_one_node_healthy()
    {
        await using var cluster = LocalCluster.Start(shardCount: 3);
        var map = cluster.Map;
        cluster.Map = new Node.Routing.ShardMap(5, "test",
            [map.Nodes[0] with { Port = cluster.Port }],
            [.. map.Shards.Select(shard => shard with { Replicas = [shard.Replicas[0]] })]);
        var text = await RunAsync("redis-cli", cluster, "--cluster", "check", $"127.0.0.1:{cluster.Port}");
        output.WriteLine(text);
        Assert.True(text.Contains("[OK] All 16384 slots covered.", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task Redis_benchmark_runs_without_errors()
    {
        await using var cluster = LocalCluster.Start();
        var text = await RunAsync(
            "redis-benchmark", cluster, "-q", "-n", "20000", "-c", "10", "-P", "16", "-t", "ping,set,get,incr,mset");
        output.WriteLine(text.Replace('\r', '\n'));
        Assert.Contains("GET: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rror", text, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(LocalCluster cluster, string expected, params string[] arguments)
    {
        var text = await RunAsync("redis-cli", cluster, arguments);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join('\n', lines) + "\n");
    }

    private static async Task<string> RunAsync(string tool, LocalCluster cluster, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/" + tool)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (arguments[0] != "--cluster")
        {
            start.ArgumentList.Add("-p");
            start.ArgumentList.Add(cluster.Port.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        var text = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"{tool} exited with {process.ExitCode}: {text}{await error}");
        return text + await error;
    }
}
