using ShardStore.Balancer.Learning;

namespace ShardStore.Balancer.Tests.Learning;

/// <summary>Agents written by hand, with one figure that decides or none.</summary>
internal static class MadeAgent
{
    public const int Members = 4;

    public static int Figure(string name) =>
        ClusterContext.Figures.Select((figure, i) => (figure.Name, i)).Single(pair => pair.Name == name).i;

    /// <summary>Every context means nothing: all figures 0, as in training.</summary>
    public static double[] Context(params (string Figure, double Value)[] figures)
    {
        var context = new double[ClusterContext.Count];
        foreach (var (figure, value) in figures)
        {
            context[Figure(figure)] = value;
        }

        return context;
    }

    /// <param name="arms">Beside the policy itself: for each its members' constants by part.</param>
    public static LearnedAgent Of(params (string Arm, double[][] Constants)[] arms) => new()
    {
        Training = "by hand",
        Scale = new ContextScale(
            new double[ClusterContext.Count], [.. Enumerable.Repeat(1.0, ClusterContext.Count)]),
        OwnCost = Line([1, 1, 1]),
        Arms = ["own", .. arms.Select(arm => arm.Arm)],
        Advantages = [[], .. arms.Select(arm => arm.Constants.Select(Line).ToList())],
    };

    /// <summary>All members of one mind.</summary>
    public static double[][] Sure(params double[] constants) => [.. Enumerable.Repeat(constants, Members)];

    /// <summary>The agent, with a weight on a figure for all members of an arm and all parts.</summary>
    public static LearnedAgent With(this LearnedAgent agent, int arm, string figure, double weight) => agent with
    {
        Advantages =
        [
            .. agent.Advantages.Select((members, i) => i != arm ? members : members.Select(member =>
            {
                var rows = member.Rows.Select(row => row.ToArray()).ToArray();
                foreach (var row in rows)
                {
                    row[1 + Figure(figure)] = weight;
                }

                return new LinearValues(rows);
            }).ToList()),
        ],
    };

    private static LinearValues Line(double[] constants) => new(
        [.. constants.Select(constant => new[] { constant }.Concat(new double[ClusterContext.Count]).ToArray())]);
}
