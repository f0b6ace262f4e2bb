using ShardStore.Client;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Docker;

/// <summary>The image and the compose file, on a real engine. One story, since every step costs seconds.</summary>
public sealed class DockerTests(ComposeCluster cluster) : IClassFixture<ComposeCluster>
{
    private const int Keys = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [DockerFact]
    public async Task A_compose_cluster_serves_the_host_survives_a_crash_and_stops_cleanly()
    {
        cluster.Build();
        cluster.Up();
        Assert.NotEqual("0", cluster.Docker("exec", cluster.Container(1), "id", "-u"));

        Assert.Equal("OK", Redis("set", "city", "Bern"));
        await using var client = await ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = [$"127.0.0.1:{cluster.Port(2)}"], Deadline = Deadline });
        Assert.Equal("Bern", await client.GetStringAsync("city"));
        for (var i = 0; i < Keys; i++)
            (await client.SetAsync($"key{i}", $"value{i}")).EnsureDone();

        var id = ProcessOf(2);
        cluster.Docker("exec", "-u", "0", cluster.Container(2), "sh", "-c", "kill -9 -1");
        await UntilAsync(() => ProcessOf(2) is var now && now != id && now != "0", "n2 is restarted after a crash");
        await UntilAsync(() => IsHealthy(2), "n2 is healthy again");
        await AssertAllAsync(client);

        cluster.Stop(3);
        Assert.Equal("0", cluster.Docker("inspect", "-f", "{{.State.ExitCode}}", cluster.Container(3)));
        await AssertAllAsync(client);
        cluster.Start(3);
        await UntilAsync(() => IsHealthy(3), "n3 is healthy again");
        await AssertAllAsync(client);
        Assert.Equal("Bern", Redis("get", "city"));
    }

    private static async Task AssertAllAsync(ShardStoreClient client)
    {
        for (var i = 0; i < Keys; i++)
            Assert.Equal($"value{i}", await client.GetStringAsync($"key{i}"));
    }

    private static Task UntilAsync(Func<bool> condition, string what) =>
        Waiting.UntilAsync(condition, Deadline, () => what);

    private bool IsHealthy(int node) =>
        cluster.Docker("inspect", "-f", "{{.State.Health.Status}}", cluster.Container(node)) == "healthy";

    private string ProcessOf(int node) => cluster.Docker("inspect", "-f", "{{.State.Pid}}", cluster.Container(node));

    /// <summary>redis-cli on the host, which follows redirects to announced addresses.</summary>
    private string Redis(params string[] command)
    {
        var run = ProgramRun.TryRun(
            "redis-cli", Deadline, ProgramRun.NoVariables, ["-c", "-p", $"{cluster.Port(1)}", .. command]);
        Assert.True(run is { ExitCode: 0 }, $"redis-cli {string.Join(' ', command)}: {run?.Output ?? "no end"}");
        return run!.Output.Trim();
    }
}
