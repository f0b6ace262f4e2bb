using System.Globalization;

namespace ShardStore.Balancer.Learning;

/// <summary>Says in a sentence or two what an agent chose, why, and who has the say.</summary>
internal static class ChoiceText
{
    public static string Of(LearnedAgent agent, ArmChoice choice, KnobHand hand, BalancingPolicy policy)
    {
        var arm = KnobArm.All.First(arm => arm.Name == agent.Arms[choice.Arm]);
        var text = choice.Arm == 0
            ? $"The agent {arm.Deed}: no other setting is surely better here."
            : $"The agent {arm.Deed} ({Knobs(policy, arm.Knobs.Apply(policy))}) and expects "
                + $"{Percent(-choice.Estimate.Change)} less cost, give or take {Percent(choice.Estimate.Deviation)}"
                + (choice.Figure < 0 ? "." : $", mostly for {ClusterContext.Figures[choice.Figure].Words}.");
        return hand switch
        {
            KnobHand.OwnForComparison => text + " For an hour the policy's own values are in force, to compare with.",
            KnobHand.OwnInShadow => text + " The policy's own values are in force: the agent is in the shadow.",
            KnobHand.OwnAfterFall => text + " The policy's own values are in force: with the agent's it cost more.",
            _ => text,
        };
    }

    /// <summary>What differs, as policies name it.</summary>
    private static string Knobs(BalancingPolicy own, BalancingPolicy tuned) => string.Join(", ",
        PolicyChecks.Numbers.Where(range => range.Read(own) != range.Read(tuned)).Select(range =>
            $"{range.Path.Split('.')[^1]} {Number(range.Read(own))} → {Number(range.Read(tuned))}"));

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
}
