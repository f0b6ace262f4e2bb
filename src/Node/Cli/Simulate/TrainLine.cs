using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Learning.Training;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>What one load cost under one policy, over all its clusters: under the policy's own values, under every arm,
/// and, where that was asked for, under agents that had not seen the load.</summary>
/// <param name="Trials">One a cluster.</param>
/// <param name="Judged">In the same order; empty: nobody asked.</param>
internal sealed record TrainLine(IReadOnlyList<TrialCase> Trials, IReadOnlyList<AgentRun> Judged)
{
    /// <summary>Below so many points a change is no share of anything.</summary>
    private const double PointsMin = 1;

    public string Load => Trials[0].Load;

    public NamedPolicy Policy => Trials[0].Policy;

    public double OwnPoints => Points(0);

    /// <summary>The arm that was best here, which is known only afterwards.</summary>
    public (string Name, double Points) Best =>
        KnobArm.All.Select((arm, i) => (arm.Name, Points: Points(i))).MinBy(arm => arm.Points);

    public double? JudgedPoints => Judged.Count == 0
        ? null
        : Judged.Sum(run => ObjectiveParts.Of(run.Score).Points(Policy.Policy.Weights));

    public int? Falls => Judged.Count == 0 ? null : Judged.Sum(run => run.Falls);

    public double Points(int arm) => Trials.Sum(trial => trial.Points(arm));

    /// <summary>As a share of what the policy's own values cost; below 0 is better.</summary>
    public double Change(double points) => (points - OwnPoints) / Math.Max(PointsMin, OwnPoints);
}
