using System.Globalization;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>The tools that come with Redis, against three nodes.</summary>
[Collection(ThreeNodesCollection.Name)]
public sealed class RedisToolsTests(ThreeNodes nodes, ITestOutputHelper output)
{
    private const string Cli = "/usr/bin/redis-cli";
    private const string Benchmark = "/usr/bin/redis-benchmark";

    private string Port => nodes.Cluster.Ports[0].ToString(CultureInfo.InvariantCulture);

    [ToolFact(Cli)]
    public async Task Redis_cli_follows_redirections_to_every_node()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("OK", await CliAsync("set", $"cli:{i}", $"value {i}"));
            Assert.Equal($"value {i}", await CliAsync("get", $"cli:{i}"));
        }
        Assert.StartsWith("CROSSSLOT", await CliAsync("mget", "cli:0", "cli:1"), StringComparison.Ordinal);
    }

    [ToolFact(Cli)]
    public async Task Redis_cli_finds_the_cluster_healthy()
    {
        foreach (var port in nodes.Cluster.Ports)
        {
            var check = await ToolProcess.RunAsync(Cli, "--cluster", "check", $"127.0.0.1:{port}");
            var text = check.Checked();
            Assert.Contains("[OK] All nodes agree about slots configuration.", text, StringComparison.Ordinal);
            Assert.Contains("[OK] All 16384 slots covered.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("[WARNING]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("[ERR]", text, StringComparison.Ordinal);
        }
        var info = (await ToolProcess.RunAsync(Cli, "--cluster", "info", $"127.0.0.1:{Port}")).Checked();
        output.WriteLine(info);
        Assert.Contains("keys in 3 masters", info, StringComparison.Ordinal);
        var call = await ToolProcess.RunAsync(Cli, "--cluster", "call", $"127.0.0.1:{Port}", "ping");
        Assert.Equal(3, call.Checked().Split("PONG").Length - 1);
    }

    /// <summary>redis-cli crashes on a cluster whose nodes it is not told.</summary>
    [ToolFact(Cli)]
    public async Task A_cluster_that_says_it_is_ok_for_the_first_time_names_the_node_of_every_slot()
    {
        await using var forming = await ClusterProcess.BeginAsync();
        for (var node = 0; node < forming.Count; node++)
        {
            using var client = await forming.ConnectAtOnceAsync(node);
            await Waiting.UntilAsync(
                () => client.Call("CLUSTER INFO").Contains("cluster_state:ok", StringComparison.Ordinal),
                ClusterProcess.ReadyTimeout, forming.Errors);
            Assert.Equal(16_384, ClusterProcess.SlotsIn(client.Call("CLUSTER NODES").Trim('"')));
            // The others may not agree yet, which it says with 1; 139 is a crash.
            var check = await ToolProcess.RunAsync(Cli, "--cluster", "check", $"127.0.0.1:{forming.Ports[node]}");
            Assert.InRange(check.ExitCode, 0, 1);
        }
    }

    [ToolFact(Cli)]
    public async Task Redis_cli_goes_on_while_leaderships_move()
    {
        await using var cli = ToolProcess.Start(Cli, "-c", "-p", Port);
        var moving = nodes.MoveLeadersAsync(2, 6, 10);
        var sent = 0;
        for (; sent < 200 || !moving.IsCompleted; sent += 20)
        {
            for (var i = 0; i < 20; i++)
                cli.WriteLine($"incr cli:moved:{i}");
            await Waiting.UntilAsync(
                () => Replies(cli).Count() >= sent + 20, TimeSpan.FromSeconds(30), () => cli.Output + cli.Errors);
        }
        await moving;
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{(i / 20) + 1}"), Replies(cli));
        output.WriteLine($"{sent} commands, no error");
    }

    [ToolTheory(Benchmark)]
    [InlineData("set", "key:", 1)]
    [InlineData("incr", "counter:", 1)]
    [InlineData("mset", "key:", 10)]
    public async Task Redis_benchmark_writes_every_key_it_counts(string test, string prefix, int keysEach)
    {
        const int Requests = 20_000;
        await FlushAsync();
        var text = await BenchmarkAsync("-t", test, "-n", $"{Requests / keysEach}");
        output.WriteLine(text);
        // Keys are drawn from a thousand million: next to none is drawn twice.
        Assert.InRange(await CountKeysAsync(prefix), Requests * 0.999, Requests * 1.02);
    }

    [ToolFact(Benchmark)]
    public async Task Redis_benchmark_reads()
    {
        output.WriteLine(await BenchmarkAsync("-t", "get", "-n", "50000"));
    }

    [ToolFact(Benchmark)]
    public async Task Redis_benchmark_goes_on_while_leaderships_move()
    {
        const int Requests = 200_000;
        await FlushAsync();
        var running = BenchmarkAsync("-t", "set", "-n", $"{Requests}");
        var moved = await nodes.MoveLeadersAsync(4, 8, 12);
        output.WriteLine(await running);
        // A request that is redirected counts for the benchmark, but is not sent again.
        var keys = await CountKeysAsync("key:");
        output.WriteLine($"{keys} keys of {Requests} requests over {moved} moves");
        Assert.InRange(keys, Requests * 0.95, Requests * 1.02);
    }

    private static IEnumerable<string> Replies(ToolProcess cli) =>
        cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("-> Redirected", StringComparison.Ordinal));

    private async Task FlushAsync() =>
        Assert.All(await AskEachNodeAsync("FLUSHALL"), answer => Assert.Equal("+OK", answer));

    private async Task<int> CountKeysAsync(string prefix) =>
        (await AskEachNodeAsync($"KEYS {prefix}*")).Sum(answer => answer.Split(prefix).Length - 1);

    private async Task<List<string>> AskEachNodeAsync(string command)
    {
        var answers = new List<string>();
        foreach (var port in nodes.Cluster.Ports)
        {
            using var client = await Node.Tests.Commands.RespClient.ConnectAsync(port);
            answers.Add(client.Call(command));
        }
        return answers;
    }

    /// <summary>From version 7 on it ends with an error at the first error reply that is no redirection.</summary>
    private async Task<string> BenchmarkAsync(params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(Benchmark,
            [
                "--cluster", "-p", Port, "-P", "16", "-c", "12", "-r", "1000000000", "-q", "--precision", "3",
                .. arguments,
            ]);
        var text = run.Checked().Replace('\r', '\n') + run.Errors;
        Assert.DoesNotContain("rror", text, StringComparison.Ordinal);
        Assert.Contains("requests per second", text, StringComparison.Ordinal);
        return text;
    }

    private async Task<string> CliAsync(params string[] arguments) =>
        (await ToolProcess.RunAsync(Cli, ["-c", "-p", Port, .. arguments])).Checked().Trim();
}
