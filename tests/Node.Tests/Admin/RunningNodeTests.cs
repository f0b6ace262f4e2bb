using Microsoft.Extensions.Logging.Abstractions;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Hosting;
using ShardStore.Node.Tests.Cli;

namespace ShardStore.Node.Tests.Admin;

/// <summary>A whole node: disk, log, consensus, controller, and `ctl` against its admin port.</summary>
public sealed class RunningNodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("shardstore-admin-");
    private NodeRuntime _node = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_real_node_answers_every_view_and_takes_a_policy()
    {
        var cluster = await _bench.GetAsync("/api/v1/cluster", AdminJson.Default.ClusterView);
        Assert.Equal(("ok", "n1", 4, 1), (cluster.State, cluster.MetaLeader, cluster.ShardCount, cluster.NodesUp));
        Assert.Equal("ok\n", (await _bench.TextAsync("/healthz")).Text);
        var (_, metrics) = await _bench.TextAsync("/metrics");
        Assert.Contains("""shardstore_groups{role="leader"} 5""", metrics);
        Assert.Contains("""shardstore_node_up{node="n1"} 1""", metrics);
        Assert.Contains("shardstore_shard_reads_total{shard=\"4\"} 0", metrics);

        var url = $"http://{_bench.Server.EndPoint}";
        var status = await CliRun.OfAsync("ctl", "--admin", url, "status");
        Assert.True(status.ExitCode == 0, status.Errors);
        Assert.Contains("1 of 1 up", status.Output);
        var file = Path.Combine(_directory.FullName, "policy.json");
        await File.WriteAllTextAsync(file, """{"format":1,"mode":"off"}""");
        var set = await CliRun.OfAsync("ctl", "--admin", url, "policy", "set", file);
        Assert.True(set.ExitCode == 0, set.Errors);
        Assert.Contains("version 1", set.Output);
        var move = await CliRun.OfAsync("ctl", "--admin", url, "migrate", "1", "--from", "n1", "--to", "n2");
        Assert.Equal(1, move.ExitCode);
        Assert.Contains("nodes are n1", move.Errors);
        await UntilAsync(async () =>
            (await _bench.SendAsync(HttpMethod.Get, "/api/v1/recommendations")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_imported_history_is_forecast_from_and_outlives_a_restart()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60;
        var rows = Enumerable.Range(1, 200).Select(back => $"{now - (60 * back)},{back},2,3,{back % 7}").Reverse();
        var file = Path.Combine(_directory.FullName, "load.csv");
        await File.WriteAllTextAsync(file, "timestamp,s1,s2,s3,s4\n" + string.Join('\n', rows));
        var import = await SeriesAsync("import", file);
        Assert.True(import.ExitCode == 0, import.Errors);
        Assert.StartsWith("imported 800 values; ", import.Output);
        await UntilAsync(async () => (await _bench.TextAsync("/api/v1/forecasts/1")).Status == 200);
        var before = Points(await SeriesAsync("export"));
        Assert.Equal(200, before.Length);
        await StopAsync();
        await StartAsync();
        Assert.Equal(before, Points(await SeriesAsync("export")));

        // A minute that has ended meanwhile is one more.
        string[] Points(CliRun export) => [.. export.Output.Split('\n').SkipWhile(line => !char.IsAsciiDigit(line[0]))
            .Take(200)];
    }

    private Task<CliRun> SeriesAsync(params string[] args) =>
        CliRun.OfAsync(["ctl", "--admin", $"http://{_bench.Server.EndPoint}", "series", .. args]);

    private async Task StartAsync()
    {
        var options = TestCluster.OptionsOf("n1", Path.Combine(_directory.FullName, "n1"));
        Directory.CreateDirectory(options.Dir);
        _node = await NodeRuntime.StartAsync(options, new NodeEnvironment { Loggers = NullLoggerFactory.Instance });
        _bench = AdminBench.Of(_node.Admin!);
        await UntilAsync(async () => (await _bench.TextAsync("/readyz")).Status == 200);
    }

    private async Task StopAsync()
    {
        await _bench.DisposeAsync();
        await _node.DisposeAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds())
        {
            try
            {
                await pace.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail("the node did not get there in time");
            }
        }
    }
}
