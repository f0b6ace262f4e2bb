using ShardStore.Balancer.Learning;
using Xunit;

namespace ShardStore.Balancer.Tests.Learning;

public class LearnedAgentTests
{
    private static readonly ObjectiveWeights s_even = new();
    private static readonly LearningState s_new = new();

    [Fact]
    public void The_arm_that_surely_costs_least_is_chosen()
    {
        var agent = MadeAgent.Of(("early", MadeAgent.Sure(-0.1, 0, 0)), ("far", MadeAgent.Sure(-0.3, 0, 0)));
        var choice = agent.Choose(MadeAgent.Context(), s_even, s_new, current: 0);
        Assert.Equal(2, choice.Arm);
        Assert.Equal(-0.3, choice.Estimate.Change, 9);
    }

    [Fact]
    public void An_arm_whose_members_do_not_agree_is_left_alone()
    {
        var agent = MadeAgent.Of(("early", [[-0.5, 0, 0], [0.3, 0, 0], [-0.5, 0, 0], [0.3, 0, 0]]));
        Assert.Equal(0, agent.Choose(MadeAgent.Context(), s_even, s_new, current: 0).Arm);
    }

    [Fact]
    public void What_a_policy_cares_about_decides_between_arms()
    {
        // One saves overload for effort, the other effort for overload.
        var agent = MadeAgent.Of(
            ("early", MadeAgent.Sure(-0.3, 0, 0.2)), ("frugal", MadeAgent.Sure(0.2, 0, -0.3)));
        Assert.Equal(1, agent.Choose(
            MadeAgent.Context(), PolicyPresets.Of(PolicyPresets.Availability).Weights, s_new, current: 0).Arm);
        Assert.Equal(2, agent.Choose(
            MadeAgent.Context(), PolicyPresets.Of(PolicyPresets.Cost).Weights, s_new, current: 0).Arm);
    }

    [Fact]
    public void The_context_decides_and_is_given_as_the_reason()
    {
        var agent = MadeAgent.Of(("sure", MadeAgent.Sure(0, 0, 0))).With(1, "uncertainty", -0.2);
        Assert.Equal(0, agent.Choose(MadeAgent.Context(("uncertainty", -1)), s_even, s_new, current: 0).Arm);
        var choice = agent.Choose(MadeAgent.Context(("uncertainty", 2)), s_even, s_new, current: 0);
        Assert.Equal(1, choice.Arm);
        Assert.Equal("uncertainty", ClusterContext.Figures[choice.Figure].Name);
        var text = ChoiceText.Of(agent, choice, KnobHand.Agent, BalancingPolicy.Default);
        Assert.Contains("actQuantile 0.9 → 0.72", text);
        Assert.Contains("mostly for how wide the forecasts are", text);
    }

    [Fact]
    public void A_context_beyond_all_that_was_seen_counts_no_more_than_the_edge_of_it()
    {
        var agent = MadeAgent.Of(("sure", MadeAgent.Sure(0, 0, 0))).With(1, "uncertainty", -0.2);
        var edge = agent.Choose(MadeAgent.Context(("uncertainty", 3)), s_even, s_new, current: 0).Estimate;
        Assert.Equal(edge, agent.Choose(MadeAgent.Context(("uncertainty", 1e9)), s_even, s_new, current: 0).Estimate);
    }

    [Fact]
    public void The_arm_in_force_stays_unless_another_is_clearly_better()
    {
        var agent = MadeAgent.Of(("early", MadeAgent.Sure(-0.10, 0, 0)), ("far", MadeAgent.Sure(-0.11, 0, 0)));
        Assert.Equal(2, agent.Choose(MadeAgent.Context(), s_even, s_new, current: 0).Arm);
        Assert.Equal(1, agent.Choose(MadeAgent.Context(), s_even, s_new, current: 1).Arm);
    }

    [Fact]
    public void An_arm_that_comes_out_worse_than_expected_for_days_is_no_longer_chosen_but_not_after_an_hour()
    {
        var agent = MadeAgent.Of(("early", MadeAgent.Sure(-0.1, 0, 0)));
        var state = s_new;
        for (var i = 0; i < 4; i++)
        {
            state = state.With("early", cost: 15, expected: 10, change: -0.1);
        }

        Assert.Equal(1, agent.Choose(MadeAgent.Context(), s_even, state, current: 1).Arm);
        for (var i = 0; i < 2 * 96; i++)
        {
            state = state.With("early", cost: 15, expected: 10, change: -0.1);
        }

        Assert.Equal(0, agent.Choose(MadeAgent.Context(), s_even, state, current: 1).Arm);
    }

    [Fact]
    public void An_arm_that_comes_out_as_expected_is_corrected_by_nothing()
    {
        var state = s_new;
        for (var i = 0; i < 500; i++)
        {
            state = state.With("far", cost: 9, expected: 10, change: -0.1);
        }

        Assert.Equal(0, state.Correction("far"), 9);
        Assert.Equal(0, state.Correction("early"));
    }

    [Fact]
    public void Weights_of_presets_sum_to_three_and_none_count_alike()
    {
        Assert.Equal((1.8, 0.6, 0.6), Rounded(PolicyPresets.Of(PolicyPresets.Availability).Weights));
        Assert.Equal((1, 1, 1), Rounded(new ObjectiveWeights { Availability = 0, Performance = 0, Cost = 0 }));

        static (double, double, double) Rounded(ObjectiveWeights weights)
        {
            var (overload, latency, effort) = ObjectiveParts.WeightsOf(weights);
            return (Math.Round(overload, 6), Math.Round(latency, 6), Math.Round(effort, 6));
        }
    }
}
