using ShardStore.Balancer.Learning;
using Xunit;

namespace ShardStore.Balancer.Tests.Learning;

public class LearningGuardTests
{
    private const int DayIntervals = 96;

    [Fact]
    public void One_epoch_in_eight_belongs_to_the_policy_beginning_with_the_first()
    {
        var guard = new LearningGuard();
        var hands = new List<KnobHand>();
        for (var i = 0; i < DayIntervals; i++)
        {
            hands.Add(guard.Hand);
            guard = guard.After(5, 5, guard.Hand);
        }

        Assert.Equal(KnobHand.OwnForComparison, hands[0]);
        Assert.Equal(DayIntervals / 8, hands.Count(hand => hand == KnobHand.OwnForComparison));
        Assert.Equal(0, guard.Falls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_agent_that_costs_twice_as_much_is_out_within_a_day_even_if_the_model_is_off(double modelFactor)
    {
        var guard = Run(new LearningGuard(), DayIntervals, agentCost: 40, ownCost: 20, expected: 20 * modelFactor);
        Assert.True(guard.Falls > 0);
    }

    [Theory]
    [InlineData(20, 20, 20)]
    [InlineData(15, 20, 20)]
    [InlineData(20, 20, 5)]
    [InlineData(0.2, 0.1, 0.1)]
    public void An_agent_that_costs_no_more_stays(double agentCost, double ownCost, double expected)
    {
        var guard = Run(new LearningGuard(), 7 * DayIntervals, agentCost, ownCost, expected);
        Assert.Equal(0, guard.Falls);
    }

    [Fact]
    public void An_agent_that_goes_on_costing_more_is_tried_less_and_less_often()
    {
        var guard = Run(new LearningGuard(), 2 * DayIntervals, agentCost: 200, ownCost: 20, expected: 20);
        var falls = guard.Falls;
        Assert.InRange(falls, 2, 5);
        guard = Run(guard, 14 * DayIntervals, agentCost: 200, ownCost: 20, expected: 20);
        Assert.InRange(guard.Falls, falls + 1, falls + 5);
        Assert.Equal(KnobHand.OwnAfterFall, guard.Hand);
    }

    [Fact]
    public void In_the_shadow_nothing_is_held_against_the_agent()
    {
        var guard = new LearningGuard();
        for (var i = 0; i < DayIntervals; i++)
        {
            guard = guard.After(500, 1, KnobHand.OwnInShadow);
        }

        Assert.Equal(0, guard.Falls);
    }

    private static LearningGuard Run(
        LearningGuard guard, int intervals, double agentCost, double ownCost, double expected)
    {
        for (var i = 0; i < intervals; i++)
        {
            guard = guard.After(guard.Hand == KnobHand.Agent ? agentCost : ownCost, expected, guard.Hand);
        }

        return guard;
    }
}
