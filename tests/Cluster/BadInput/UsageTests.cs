using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>Bad command lines: code 2, one line that names the option, the value and what is allowed.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("a verb that does not exist", "serve", "'serve'", "node, dev")]
    [InlineData("no verb", "", "allowed are node, dev")]
    [InlineData("an unknown option", "node --colour red", "'--colour'", "--listen")]
    [InlineData("an option without value", "node --id", "'--id'")]
    [InlineData("a number that is none", "node --id n1 --dir d --shards many", "--shards 'many'", "from 1 to 4096")]
    [InlineData("a number out of range", "dev --nodes 33", "--nodes '33'", "from 1 to 32")]
    [InlineData("a missing option", "node --dir d", "--id is missing", "letters")]
    [InlineData("a word that is none", "node --id n1 --dir d --balancer maybe", "--balancer 'maybe'", "predictive")]
    [InlineData("more replicas than nodes", "dev --nodes 1 --replicas 3", "--replicas '3'", "at most --nodes 1")]
    [InlineData("an address that others reach", "node --id n1 --dir d --listen 0.0.0.0:7001", "'0.0.0.0:7001'",
        "--allow-remote")]
    [InlineData("a join list without this node", "node --id n1 --dir d --join 127.0.0.1:1", "--join 127.0.0.1:1",
        "127.0.0.1:7101")]
    [InlineData("two listeners on one port",
        "node --id n1 --dir d --listen 127.0.0.1:7001 --peer-listen 127.0.0.1:7001", "--peer-listen", "must differ")]
    [InlineData("a configuration file that is not there", "node --config /nowhere/x.json", "/nowhere/x.json")]
    [InlineData("an admin URL that is none", "ctl --admin nonsense nodes", "--admin 'nonsense'", "http://")]
    [InlineData("a shard that is no number", "ctl migrate first --from n1 --to n2", "'first'", "whole number")]
    public async Task A_bad_command_line_is_refused_in_one_line(string what, string line, params string[] words)
    {
        using var trial = new NodeTrial();
        var (code, output, errors) = await NodeProcess.RunAsync(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(code == 2, $"{what}: code {code}\n{output}{errors}");
        new ToolResult(code, output, errors).AssertRefused(2, words);
    }

    [Fact]
    public async Task A_configuration_file_is_refused_by_the_line_or_the_name_that_is_wrong()
    {
        using var trial = new NodeTrial();
        var file = Path.Combine(trial.Root, "node.json");
        await File.WriteAllTextAsync(file, "{\n  \"id\": \"n1\",\n  oops\n}");
        (await trial.RunAsync("--config", file)).AssertRefused(2, file, "line 3");
        await File.WriteAllTextAsync(file, """{ "id": "n1", "shard": 4 }""");
        (await trial.RunAsync("--config", file)).AssertRefused(2, file, "'shard' is no option", "shards");
        await File.WriteAllTextAsync(file, """{ "election-ms": 5 }""");
        (await trial.RunAsync("--config", file)).AssertRefused(2, "--election-ms '5'", file, "100 to 60000");
    }

    [Fact]
    public async Task A_node_takes_all_its_settings_from_a_file_and_the_environment()
    {
        using var trial = new NodeTrial();
        var file = Path.Combine(trial.Root, "node.json");
        await File.WriteAllTextAsync(file, $$"""
            {
              // Comments are allowed.
              "id": "from-file", "dir": "{{trial.Dir}}", "listen": "127.0.0.1:1", "shards": 3, "replicas": 1,
              "peer-listen": "{{trial.PeerListen}}", "admin-listen": "{{NodeTrial.At(trial.AdminPort)}}",
              "memory-mb": 64, "capacity-cores": 1, "balancer": "off",
            }
            """);
        await using var node = ToolProcess.Start("env", $"SHARDSTORE_CONFIG={file}",
            $"SHARDSTORE_LISTEN={NodeTrial.At(trial.ClientPort)}", "SHARDSTORE_SHARDS=7",
            "dotnet", NodeProcess.Program, "node", "--shards", "5");
        await Waiting.UntilAsync(
            () => node.Output.Contains("Shard 5: Leader", StringComparison.Ordinal), ClusterProcess.ReadyTimeout,
            () => node.Output + node.Errors);
        Assert.DoesNotContain("Shard 6", node.Output, StringComparison.Ordinal);
        Assert.Contains("from-file", node.Output, StringComparison.Ordinal);
        Assert.Equal("\"hi\"", trial.Call("ECHO hi"));
    }
}
