using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>Seeds that failed once, each with what it found. A seed's run changes with the code, so what it found is
/// also held by a test of its own: see docs/bugs-found.md.</summary>
public sealed class RegressionSeedTests
{
    [Theory]
    [InlineData(95, "a member that a late change brought back after its migration was rolled back")]
    [InlineData(10262, "the same, of another shard")]
    [InlineData(10400, "the same, with a dead destination")]
    [InlineData(117824, "copies of a damaged store that ended before what the damaged log could not give")]
    public void A_seed_that_failed_once_stays_clean(int seed, string found)
    {
        var run = Simulator.Run(seed);
        Assert.True(run.Failure is null, $"once: {found}\n{run.Report}");
    }
}
