using Xunit;

namespace ShardStore.Simulation.Tests;

public sealed class SimulationArgumentsTests
{
    [Theory]
    [InlineData("--seed 3", "--seed")]
    [InlineData("--seeds", "--seeds")]
    [InlineData("--seeds many", "many")]
    [InlineData("--seeds 0", "0")]
    [InlineData("--first -1", "-1")]
    [InlineData("--minutes 1.5", "1.5")]
    [InlineData("--first 99999999999", "99999999999")]
    [InlineData("--threads 0", "0")]
    [InlineData("--ledger", "--ledger")]
    [InlineData("--bug", "--bug")]
    public void Bad_usage_is_named_and_exits_2(string line, string named)
    {
        var words = line.Split(' ');
        Assert.False(SimulationArguments.TryParse(words, out _, out var problem));
        Assert.Contains(named, problem);
        Assert.DoesNotContain('\n', problem);
        Assert.Equal(2, Program.Main(words));
    }

    [Fact]
    public void Options_may_come_in_any_order()
    {
        Assert.True(SimulationArguments.TryParse(["--calm", "--seeds", "3", "--first", "9"], out var parsed, out _));
        Assert.Equal(new SimulationArguments { First = 9, Seeds = 3, Calm = true }, parsed);
        Assert.True(SimulationArguments.TryParse(["--minutes", "2"], out parsed, out _));
        Assert.Equal((int.MaxValue, 2.0), (parsed.Seeds, parsed.Minutes));
    }

    [Fact]
    public void A_bug_that_nobody_planted_exits_2() => Assert.Equal(2, Program.Main(["--bug", "no-such-bug"]));

    [Fact]
    public void A_clean_seed_exits_0() => Assert.Equal(0, Program.Main(["--first", "2", "--seeds", "1", "--calm"]));
}
