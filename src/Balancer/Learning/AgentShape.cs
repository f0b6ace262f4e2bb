namespace ShardStore.Balancer.Learning;

/// <summary>What an agent looks like on disk.</summary>
/// <param name="Format">Of the document.</param>
/// <param name="Training">How and on what it was trained.</param>
/// <param name="Figures">Names of the context's figures, in their order.</param>
/// <param name="Means">A number a figure.</param>
/// <param name="Deviations">A number a figure, above 0.</param>
/// <param name="OwnCost">By part, then constant and figures.</param>
/// <param name="Arms">The policy itself first.</param>
internal sealed record AgentShape(
    int Format, string Training, string[] Figures, double[] Means, double[] Deviations, double[][] OwnCost,
    ArmShape[] Arms)
{
    public static AgentShape Of(LearnedAgent agent) => new(
        AgentDocument.Format, agent.Training, [.. ClusterContext.Figures.Select(figure => figure.Name)],
        agent.Scale.Means, agent.Scale.Deviations, agent.OwnCost.Rows,
        [.. agent.Arms.Select((name, arm) =>
            new ArmShape(name, [.. agent.Advantages[arm].Select(member => member.Rows)]))]);

    public LearnedAgent ToAgent() => new()
    {
        Training = Training,
        Scale = new ContextScale(Means, Deviations),
        OwnCost = new LinearValues(OwnCost),
        Arms = [.. Arms.Select(arm => arm.Name)],
        Advantages = [.. Arms.Select(arm => arm.Members.Select(rows => new LinearValues(rows)).ToList())],
    };
}

/// <param name="Name">Of <see cref="KnobArm.All"/>.</param>
/// <param name="Members">By member of the ensemble, then part, then constant and figures; none of the first arm.
/// </param>
internal sealed record ArmShape(string Name, double[][][] Members);
