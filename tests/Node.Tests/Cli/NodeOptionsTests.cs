using System.Net;
using ShardStore.Node.Cli.Settings;
using Xunit;

namespace ShardStore.Node.Tests.Cli;

public sealed class NodeOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("options").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Defaults_are_those_of_the_table()
    {
        var options = await NodeAsync([]);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7001), options.Listen);
        Assert.Equal(new HostPort("127.0.0.1", 7001), options.Announce);
        Assert.Equal(new HostPort("127.0.0.1", 7101), options.PeerAnnounce);
        Assert.Equal((48, 3, 300), (options.Shards, options.Replicas, options.ForecastStepSeconds));
        Assert.Equal(288, options.ForecastSeasonSteps);
        Assert.Equal(BalancerMode.Predictive, options.Balancer);
        Assert.InRange(options.CapacityCores, 0.05, Environment.ProcessorCount);
        Assert.True(options.MemoryMb >= 64);
        Assert.Empty(options.Join);
    }

    [Fact]
    public async Task A_season_is_a_day_of_steps_unless_it_is_given()
    {
        Assert.Equal(1440, (await NodeAsync([], "--forecast-step-seconds", "60")).ForecastSeasonSteps);
        var replay = await NodeAsync([], "--forecast-step-seconds", "2", "--forecast-season-steps", "288");
        Assert.Equal(288, replay.ForecastSeasonSteps);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var config = Write("{ \"shards\": 8, \"replicas\": 5, \"zone\": \"z1\" }");
        var environment = new Dictionary<string, string>
        {
            ["SHARDSTORE_CONFIG"] = config,
            ["SHARDSTORE_SHARDS"] = "16",
            ["SHARDSTORE_REPLICAS"] = "1",
        };
        var options = await NodeAsync(environment, "--shards", "32");
        Assert.Equal((32, 1, "z1"), (options.Shards, options.Replicas, options.Zone));
    }

    [Fact]
    public async Task A_file_may_hold_comments_lists_and_numbers()
    {
        var config = Write("""
            {
              // founding members
              "join": ["10.0.0.1:7101", "[::1]:7102", "node-c:7103"],
              "capacity-cores": 1.5, "allow-remote": true, "listen": "0.0.0.0:6379", "announce-host": "db.example",
              "announce-port": 16379, /* mapped */
            }
            """);
        var options = await NodeAsync([], "--config", config);
        Assert.Equal(["10.0.0.1:7101", "[::1]:7102", "node-c:7103"], options.Join.Select(peer => peer.ToString()));
        Assert.Equal(1.5, options.CapacityCores);
        Assert.Equal(new HostPort("db.example", 16379), options.Announce);
    }

    [Fact]
    public async Task Who_enters_a_cluster_does_not_found_one()
    {
        var entering = await NodeAsync([], "--enter", "10.0.0.1:8001");
        Assert.Equal(new HostPort("10.0.0.1", 8001), entering.Enter);

        var run = await CliRun.OfAsync(
            "node", "--id", "n1", "--dir", _folder, "--enter", "10.0.0.1:8001", "--join", "127.0.0.1:7101");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--enter '10.0.0.1:8001'", run.Errors);
        Assert.Contains("not together with join", run.Errors);
    }

    [Fact]
    public async Task A_wildcard_address_announces_the_machines_name()
    {
        var options = await NodeAsync([], "--listen", "0.0.0.0:7001", "--allow-remote");
        Assert.Equal(new HostPort(Dns.GetHostName(), 7001), options.Announce);
    }

    [Theory]
    [InlineData("{ \"shrads\": 8 }", "'shrads' is no option; allowed are admin-listen, allow-remote")]
    [InlineData("{ \"shards\": 8, \"shards\": 9 }", "'shards' is given twice")]
    [InlineData("{ \"shards\": {} }", "'shards' must be a string, a number, true, false or a list")]
    [InlineData("{ \"shards\": \n8", "line 2 is not valid JSON")]
    [InlineData("[]", "must be one JSON object")]
    public async Task A_bad_file_is_named_with_what_is_allowed(string text, string expected)
    {
        var config = Write(text);
        var run = await CliRun.OfAsync("node", "--id", "n1", "--dir", _folder, "--config", config);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--config '{config}': ", run.Errors);
        Assert.Contains(expected, run.Errors);
    }

    [Fact]
    public async Task A_bad_value_names_its_source()
    {
        var config = Write("{ \"shards\": 0 }");
        var fromFile = await CliRun.OfAsync("node", "--id", "n1", "--dir", "x", "--config", config);
        Assert.Contains($"--shards '0' (from {config}): must be a whole number from 1 to 4096", fromFile.Errors);
        var fromVariable = await CliRun.OfAsync(
            new Dictionary<string, string> { ["SHARDSTORE_ZONE"] = "a b" }, "node", "--id", "n1", "--dir", "x");
        Assert.Contains("--zone 'a b' (from SHARDSTORE_ZONE)", fromVariable.Errors);
    }

    [Fact]
    public async Task Dev_keeps_copies_within_its_nodes()
    {
        var run = await CliRun.OfAsync("dev", "--nodes", "1");
        Assert.Equal((1, 1, null), (run.Hosts.Dev!.Nodes, run.Hosts.Dev.Replicas, run.Hosts.Dev.Dir));
        var wide = await CliRun.OfAsync("dev", "--nodes", "5", "--processes");
        Assert.Equal((3, true), (wide.Hosts.Dev!.Replicas, wide.Hosts.Dev.Processes));
    }

    [Fact]
    public void Every_setting_is_explained_on_the_limits_page()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "limits.md"));
        foreach (var setting in NodeSettings.All)
            Assert.Contains($"`{setting.Name}`", page);
    }

    private async Task<NodeOptions> NodeAsync(Dictionary<string, string> environment, params string[] args)
    {
        var run = await CliRun.OfAsync(environment, ["node", "--id", "n1", "--dir", _folder, .. args]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Hosts.Node!;
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "node.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static string RepositoryRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ShardStore.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no ShardStore.sln above the tests");
        return at;
    }
}
