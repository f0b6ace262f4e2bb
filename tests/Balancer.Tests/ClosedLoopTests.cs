using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests;

public class ClosedLoopTests(ITestOutputHelper output)
{
    private const int Seeds = 3;

    [Fact]
    public void Predictive_has_fewer_breach_seconds_than_reactive_at_no_more_moves()
    {
        var (off, reactive, predictive) = (default(LoopScore), default(LoopScore), default(LoopScore));
        for (var seed = 1; seed <= Seeds; seed++)
        {
            off += new ClosedLoop(new DemandScript(seed), BalancerMode.Off).Run();
            reactive += new ClosedLoop(new DemandScript(seed), BalancerMode.Reactive).Run();
            predictive += new ClosedLoop(new DemandScript(seed), BalancerMode.Predictive).Run();
            output.WriteLine($"after seed {seed}:\n  off        {off}");
            output.WriteLine($"  reactive   {reactive}\n  predictive {predictive}");
        }
        Assert.True(off.BreachSeconds > 0, "the script must hurt an unbalanced cluster");
        Assert.True(predictive.BreachSeconds < reactive.BreachSeconds, $"{predictive} against {reactive}");
        Assert.True(predictive.Moves <= reactive.Moves, $"{predictive} against {reactive}");
        Assert.Equal((0, 0), (predictive.Reversals, reactive.Reversals));
    }

    [Fact]
    public void On_noise_at_a_safe_level_neither_strategy_moves_anything()
    {
        foreach (var mode in new[] { BalancerMode.Reactive, BalancerMode.Predictive })
            Assert.Equal(0, new ClosedLoop(new DemandScript(9, isCalm: true), mode).Run().Moves);
    }
}
