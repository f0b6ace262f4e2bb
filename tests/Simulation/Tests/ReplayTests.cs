using ShardStore.Simulation.World;
using Xunit;

namespace ShardStore.Simulation.Tests;

public sealed class ReplayTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1_000_003)]
    public void The_same_seed_gives_the_same_run(int seed)
    {
        var first = Simulator.Run(seed);
        var second = Simulator.Run(seed);
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.Counters.All, second.Counters.All);
        Assert.Equal(first.LastLines, second.LastLines);
        Assert.NotEqual(first.TraceHash, Simulator.Run(seed + 1).TraceHash);
    }

    [Fact]
    public void A_failure_names_the_command_that_repeats_it()
    {
        var failed = new RunResult(7, "broken", 0, new RunCounters(), 1, ["a line"]);
        Assert.Contains("--first 7 --seeds 1", failed.Report);
        Assert.Contains("a line", failed.Report);
    }

    [Fact]
    public void Without_faults_moves_cost_no_client_anything()
    {
        var totals = new RunCounters();
        for (var seed = 1; seed <= 5; seed++)
        {
            var run = Simulator.Run(new RunPlan(seed) { WithFaults = false });
            Assert.True(run.Failure is null, run.Report);
            totals.Add(run.Counters);
        }
        Assert.Equal(0, totals["unknown outcomes"]);
        Assert.Equal(0, totals["refusals"]);
        Assert.True(totals["replica moves done"] > 0);
        Assert.True(totals["leader transfers done"] > 0);
    }
}
