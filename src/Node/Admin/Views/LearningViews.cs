using ShardStore.Balancer;
using ShardStore.Balancer.Learning;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>What is known of the agent that turns the policy's knobs, for people and programs.</summary>
internal static class LearningViews
{
    public static LearningView Of(LearningRecord? known, BalancingPolicy policy)
    {
        AgentDocument.TryShipped(out var agent, out var problem);
        var guard = known?.State.Guard ?? new LearningGuard();
        return new LearningView
        {
            Mode = Words.Camel(policy.Learning.ToString()),
            AgentSha256 = AgentDocument.ShippedDigest,
            Training = agent?.Training ?? "",
            Problem = problem,
            Falls = guard.Falls,
            CostRatio = guard.Expected > 0 ? guard.AgentCost / guard.Expected : null,
            AgentIntervals = guard.AgentIntervals,
            Arms = known is null ? [] : [.. known.State.Arms.Select(Arm)],
            Choices = known is null ? [] : [.. known.Choices.Select(Choice)],
        };
    }

    private static LearningArmView Arm(ArmTally tally) => new(
        tally.Name, tally.Intervals, tally.Change / tally.Intervals,
        tally.Expected > 0 ? (tally.Cost / tally.Expected) - 1 : null);

    private static LearningChoiceView Choice(LearningChoice choice) => new(
        choice.AtMs, choice.Arm, Words.Camel(choice.Hand.ToString()), choice.Text, choice.PolicyVersion);
}
