using Xunit;

namespace ShardStore.Node.Tests.Cli;

public class UsageTests
{
    public static TheoryData<string, string> BadUsages => new()
    {
        { "", "allowed are node, dev, demo, ctl, bench, forecast" },
        { "nodee", "'nodee' is not known here; allowed are node, dev, demo, ctl, bench, forecast" },
        { "dev --nodes 0", "--nodes '0' (from the command line): must be a whole number from 1 to 32" },
        { "dev --nodes -3", "--nodes" },
        { "dev --nodes 2 --replicas 3", "--replicas '3' (from the command line): must be at most --nodes 2" },
        { "dev --admin-port 7002", "--admin-port '7002' (from the command line): must leave room" },
        { "dev --colour", "'--colour' is not known here; allowed are --nodes, --shards" },
        { "dev --balancer best", "must be one of off, reactive, predictive" },
        { "demo --nodes 2", "--replicas (default 3): must be at most --nodes 2: a node holds one copy of a shard" },
        { "demo --nodes 1 --replicas 1", "--nodes '1' (from the command line): must be a whole number from 2 to 16" },
        { "demo --speed 0", "--speed '0' (from the command line): must be a number from 0.001" },
        { "demo --admin-port 7503", "--admin-port '7503' (from the command line): must leave room for 5 ports" },
        { "demo --seconds 5", "--seconds '5' (from the command line): must be a whole number from 10 to 3600" },
        { "node --dir /tmp/x", "--id is missing; give 1 to 64 letters" },
        { "node --id n1 --dir x --listen 7001", "--listen '7001' (from the command line): must be an IP address" },
        { "node --id n1 --dir x --listen ::1", "--listen '::1'" },
        { "node --id n1 --dir x --listen 0.0.0.0:7001", "use a loopback address such as 127.0.0.1, or --allow-remote" },
        { "node --id n1 --dir x --peer-listen 127.0.0.1:7001", "must differ from --listen 127.0.0.1:7001" },
        { "node --id a/b --dir x", "--id 'a/b'" },
        { "node --id n1 --dir x --join a,b", "--join 'a,b' (from the command line): must be host:port pairs" },
        { "node --id n1 --dir x --heartbeat-ms 500", "must be at most a third of --election-ms 1000" },
        { "node --id n1 --dir x --capacity-cores NaN", "must be a number from 0.05 to 1024" },
        { "node --id n1 --dir x --config /no/such/file", "--config '/no/such/file': cannot be read" },
        { "bench --seconds 0", "--seconds '0' (from the command line): must be a whole number from 1 to 86400" },
        { "bench --verify --value 8", "--value" },
        { "bench --distribution hot", "must be one of uniform, zipf, hotspot" },
        { "forecast", "allowed are evaluate" },
        { "forecast evaluate", "--data is missing; give a path" },
        { "forecast evaluate --data /no/such/folder", "--data '/no/such/folder' (from the command line): does not" },
        { "forecast evaluate --data . --models magic", "must be all, or names with commas between, of naive, snaive" },
        { "forecast evaluate --data . --html /no/such/x.html", "must be a file in a folder that exists" },
        { "forecast evaluate --data . --stride 0", "--stride '0' (from the command line): must be a whole number" },
        { "ctl", "allowed are status, nodes, shards" },
        { "ctl status --admin ftp://x", "must be a URL such as http://127.0.0.1:8001" },
        { "ctl migrate 7 --from n1", "--to is missing" },
        { "ctl backup", "--to is missing; give a path" },
        { "ctl backup --to x --rate 0", "--rate '0' (from the command line): must be a number from 0.1 to 100000" },
        { "ctl backup --to x --fast", "'--fast' is not known here; allowed are --to, --rate" },
        { "ctl restore --merge", "--from is missing; give a path" },
        { "ctl restore --from x --into y", "'--into' is not known here; allowed are --from, --temp, --merge" },
        { "ctl series", "allowed are export, import" },
        { "ctl series export --metric size", "--metric 'size' (from the command line): must be one of readsPerSecond" },
        { "ctl series export --out /no/such/x.csv", "must be a file in a folder that exists" },
        { "ctl series export --step 0", "--step '0' (from the command line): must be a whole number from 1 to 86400" },
        { "ctl series import /no/such.csv", "FILE '/no/such.csv': does not exist; give a CSV trace" },
        { "ctl plan --nodes 1", "--nodes '1' (from the command line): must be + and a whole number from 1 to 64" },
        { "ctl plan --nodes +0", "--nodes '+0' (from the command line): must be + and a whole number from 1 to 64" },
        { "ctl plan --nodes +65", "--nodes '+65' (from the command line): must be + and a whole number from 1 to 64" },
        { "ctl plan --days 15", "--days '15' (from the command line): must be a whole number from 1 to 14" },
        { "ctl plan --drain a/b", "--drain 'a/b' (from the command line): must be 1 to 64 letters, digits" },
        { "ctl migrate seven --from n1 --to n2", "SHARD 'seven': must be a whole number" },
    };

    [Theory]
    [MemberData(nameof(BadUsages))]
    public async Task Bad_usage_is_one_line_and_exit_code_2(string line, string expected)
    {
        var run = await CliRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors);
        Assert.StartsWith("shardstore: ", run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("dev --help")]
    [InlineData("demo --help")]
    [InlineData("node -h")]
    [InlineData("ctl --help")]
    [InlineData("bench --help")]
    [InlineData("forecast --help")]
    [InlineData("forecast evaluate --help")]
    [InlineData("simulate --help")]
    [InlineData("simulate train --help")]
    [InlineData("ctl backup --help")]
    [InlineData("ctl restore --help")]
    [InlineData("ctl plan --help")]
    [InlineData("ctl series --help")]
    [InlineData("ctl series export --help")]
    [InlineData("ctl series import --help")]
    public async Task Help_ends_with_examples_and_exits_0(string line)
    {
        var run = await CliRun.OfAsync(line.Split(' '));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public async Task Version_is_printed()
    {
        var run = await CliRun.OfAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_exit_code_1_with_advice()
    {
        var run = await CliRun.OfAsync("ctl", "status", "--admin", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("http://127.0.0.1:1/ does not answer", run.Errors);
        Assert.Contains("--admin URL", run.Errors);
    }
}
