using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>One cluster under one load and policy, lived through once with every arm. Demand and forecasts are the same
/// for all, so what differs is what the knobs did.</summary>
public sealed class TrialCase
{
    private readonly IReadOnlyList<ArmTrial> _trials;

    internal TrialCase(
        string load, NamedPolicy policy, IReadOnlyList<ArmTrial> trials, IReadOnlyList<SimulationScore> scores)
    {
        (Load, Policy, _trials, Scores) = (load, policy, trials, scores);
    }

    /// <summary>Trace or scenario; all seeds of one are left out together.</summary>
    public string Load { get; }

    public NamedPolicy Policy { get; }

    /// <summary>By arm.</summary>
    public IReadOnlyList<SimulationScore> Scores { get; }

    public required int Nodes { get; init; }

    internal IReadOnlyList<ArmTrial> Trials => _trials;

    public double Points(int arm) => ObjectiveParts.Of(Scores[arm]).Points(Policy.Policy.Weights);

    /// <summary>Tries every arm of <see cref="KnobArm.All"/> on each cluster of a case under each policy.</summary>
    /// <param name="made">The load and its clusters.</param>
    /// <param name="policies">At least one.</param>
    /// <param name="forecaster">A new one.</param>
    /// <param name="advanced">Called after every step; may throw to stop.</param>
    public static IReadOnlyList<TrialCase> Run(
        SimulationCase made, IReadOnlyList<NamedPolicy> policies, Func<DemandForecaster> forecaster, Action advanced)
    {
        var lanes = new List<(SimulatedCluster, ILaneKnobs)>();
        foreach (var cluster in made.Clusters)
        {
            foreach (var named in policies)
            {
                lanes.AddRange(KnobArm.All.Select(arm =>
                    (named.Under(cluster), (ILaneKnobs)new ArmTrial(named.Policy, arm))));
            }
        }

        var results = new SimulationRun(made.Demand, lanes).Run(forecaster, advanced);
        var cases = new List<TrialCase>();
        var arms = KnobArm.All.Count;
        for (var first = 0; first < lanes.Count; first += arms)
        {
            cases.Add(new TrialCase(made.Demand.Name, policies[first / arms % policies.Count],
                [.. lanes.Skip(first).Take(arms).Select(lane => (ArmTrial)lane.Item2)],
                [.. results.Skip(first).Take(arms).Select(result => result.Score)])
            {
                Nodes = lanes[first].Item1.Design.Nodes,
            });
        }

        return cases;
    }
}
