using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>Runs an agent, with its guard, on clusters that it may not have seen.</summary>
public static class AgentJudge
{
    /// <param name="made">The load and its clusters.</param>
    /// <param name="policies">As in <see cref="TrialCase.Run"/>.</param>
    /// <param name="agent">Fitted without this load.</param>
    /// <param name="forecaster">A new one.</param>
    /// <param name="advanced">Called after every step; may throw to stop.</param>
    /// <returns>In the order of <see cref="TrialCase.Run"/>.</returns>
    public static IReadOnlyList<AgentRun> Run(
        SimulationCase made, IReadOnlyList<NamedPolicy> policies, LearnedAgent agent,
        Func<DemandForecaster> forecaster, Action advanced)
    {
        var lanes = new List<(SimulatedCluster, ILaneKnobs)>();
        var tuners = new List<KnobTuner>();
        foreach (var cluster in made.Clusters)
        {
            foreach (var named in policies)
            {
                var live = named.Policy with { Learning = LearningMode.Live };
                tuners.Add(new KnobTuner(agent, live, new LearningState()));
                lanes.Add((named.Under(cluster), tuners[^1]));
            }
        }

        var results = new SimulationRun(made.Demand, lanes).Run(forecaster, advanced);
        return [.. results.Select((result, i) => new AgentRun(result.Score, tuners[i].State.Guard.Falls))];
    }
}

/// <summary>What came of one cluster under an agent.</summary>
/// <param name="Falls">Times that the guard took it out of force.</param>
public sealed record AgentRun(SimulationScore Score, int Falls);
