using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Learning.Training;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>What one cluster cost under the policy's own values and under every arm, and, where that was asked for,
/// under an agent that had not seen its load.</summary>
internal sealed record TrainLine(TrialCase Trial, AgentRun? Judged)
{
    /// <summary>Below so many points a change is no share of anything. Unit: points.</summary>
    private const double PointsMin = 1;

    public double OwnPoints => Trial.Points(0);

    /// <summary>The arm that was best here, which is known only afterwards.</summary>
    public (string Name, double Points) Best =>
        KnobArm.All.Select((arm, i) => (arm.Name, Points: Trial.Points(i))).MinBy(arm => arm.Points);

    public double? JudgedPoints => Judged is null
        ? null
        : ObjectiveParts.Of(Judged.Score).Points(Trial.Policy.Policy.Weights);

    /// <summary>As a share of what the policy's own values cost; below 0 is better.</summary>
    public double Change(double points) => (points - OwnPoints) / Math.Max(PointsMin, OwnPoints);
}
