using System.Text.Json;
using ShardStore.Balancer.Learning;
using ShardStore.Node.Tests.Cli.Evaluate;
using Xunit;

namespace ShardStore.Node.Tests.Cli.Simulate;

public class TrainTests
{
    private static readonly string[] s_small =
    [
        "--scenario", "bursts,office", "--shards", "9", "--nodes", "4", "--tick", "300", "--forecasters", "baselines",
    ];

    [Fact]
    public async Task Training_writes_an_agent_that_simulate_takes_and_tells_what_it_is_worth_on_loads_left_out()
    {
        using var folder = new TraceFolder();
        var path = folder.At("agent.json");
        var trained = await CliRun.OfAsync(
            ["simulate", "train", .. s_small, "--leave-out", "--out", path, "--json"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
        using var document = JsonDocument.Parse(trained.Output);
        var lines = document.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(
            from load in (string[])["office", "bursts"]
            from policy in (string[])["default", "cost", "performance", "availability"]
            select $"{load} {policy}",
            lines.Select(line => $"{line.GetProperty("load")} {line.GetProperty("policy")}"));
        Assert.All(lines, line =>
        {
            Assert.Equal(
                KnobArm.All.Select(arm => arm.Name),
                line.GetProperty("arms").EnumerateObject().Select(arm => arm.Name));
            Assert.True(line.GetProperty("learned").GetDouble() > 0);
        });

        string[] simulate =
        [
            "simulate", "--scenario", "bursts", "--shards", "9", "--nodes", "4", "--tick", "300", "--forecasters",
            "baselines", "--balancer", "learned,predictive", "--json", "--agent", path,
        ];
        var used = await CliRun.OfAsync(simulate);
        Assert.True(used.ExitCode == 0, used.Errors);
        using var scores = JsonDocument.Parse(used.Output);
        // The built-in policy with its own values is the first arm.
        var own = scores.RootElement.GetProperty("results").EnumerateArray()
            .Single(result => result.GetProperty("strategy").GetString() == "predictive");
        Assert.Equal(
            own.GetProperty("objective").GetDouble(),
            lines.Single(line => $"{line.GetProperty("load")} {line.GetProperty("policy")}" == "bursts default")
                .GetProperty("arms").GetProperty("own").GetDouble(), 3);

        File.AppendAllText(path, " ");
        var refused = await CliRun.OfAsync(simulate);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("SHA-256", refused.Errors);
        Assert.Single(refused.Errors.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--scenario office --shards 6 --nodes 3 --tick 900 --forecasters baselines --leave-out", 1,
        "--leave-out: office is the only load; two or more are needed")]
    [InlineData("--out /no/such/agent", 2, "--trace or --scenario is missing")]
    [InlineData("--scenario office --out /no/such/agent", 2, "must be a file in a folder that exists")]
    [InlineData("--scenario office --balancer off", 2, "'--balancer' is not known here; allowed are --trace")]
    public async Task What_cannot_be_done_is_one_line(string options, int exitCode, string expected)
    {
        var run = await CliRun.OfAsync(["simulate", "train", .. options.Split(' ')]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, run.Errors);
        if (exitCode == 2)
            Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }
}
