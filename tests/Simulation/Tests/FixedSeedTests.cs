using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Simulation.Tests;

public sealed class FixedSeedTests(FixedSeedRuns runs, ITestOutputHelper output) : IClassFixture<FixedSeedRuns>
{
    [Fact]
    public void No_promise_is_broken_under_the_fixed_seeds()
    {
        var failed = runs.Results.Where(result => result.Failure is not null).Select(result => result.Report);
        Assert.True(!failed.Any(), string.Join("\n\n", failed));
        Assert.True(runs.Totals["histories checked"] > FixedSeedRuns.Count);
        Assert.True(runs.Totals["operations"] > FixedSeedRuns.Count * 100);
    }

    [Fact]
    public void The_fixed_seeds_see_every_fault_and_take_every_path()
    {
        foreach (var (name, count) in runs.Totals.All)
            output.WriteLine($"{count,12:N0} {name}");
        Assert.Equal(0, runs.Totals["damage: silent"]);
        var missing = RequiredCounts.All.Where(name => runs.Totals[name] == 0);
        Assert.True(!missing.Any(), "never seen: " + string.Join(", ", missing));
    }
}
