using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Learning.Training;
using ShardStore.Balancer.Tests.Simulation;
using Xunit;

namespace ShardStore.Balancer.Tests.Learning;

public class AgentFitTests
{
    private static readonly NamedPolicy[] s_policies = [NamedPolicy.All[0]];

    private static readonly Lazy<IReadOnlyList<TrialCase>> s_trials = new(() => [.. Try("bursts"), .. Try("office")]);

    [Fact]
    public void The_same_trials_give_the_same_agent_and_the_document_takes_it()
    {
        var first = AgentDocument.Write(AgentFit.Of(s_trials.Value, "a test"));
        Assert.Equal(first, AgentDocument.Write(AgentFit.Of(s_trials.Value, "a test")));
        Assert.Equal(KnobArm.All.Count, AgentDocument.Parse(first).Arms.Count);
    }

    [Fact]
    public void A_trial_of_the_first_arm_is_a_run_under_the_policy_itself()
    {
        var made = SimulationRuns.Case("bursts", seed: 1, shards: 12);
        var score = SimulationRuns.Scores(made, Balancer.Simulation.SimulatedStrategy.Predictive).Single().Value;
        Assert.Equal(score, s_trials.Value[0].Scores[0]);
        Assert.Equal(score.Objective, s_trials.Value[0].Points(0), 6);
    }

    [Fact]
    public void On_the_load_that_it_was_fitted_to_an_agent_chooses_what_cost_less_in_the_next_interval()
    {
        var trial = s_trials.Value[1];
        var weights = trial.Policy.Policy.Weights;
        var agent = AgentFit.Of([trial], "");
        double own = 0, chosen = 0;
        for (var i = 0; i + 1 < trial.Trials[0].Costs.Count; i++)
        {
            var arm = agent.Choose(trial.Trials[0].Contexts[i], weights, new LearningState(), current: 0).Arm;
            own += trial.Trials[0].Costs[i + 1].Points(weights);
            chosen += trial.Trials[arm].Costs[i + 1].Points(weights);
        }

        Assert.True(chosen < 0.95 * own, $"{chosen} of {own}");
    }

    private static IReadOnlyList<TrialCase> Try(string scenario) => TrialCase.Run(
        SimulationRuns.Case(scenario, seed: 1, shards: 12), s_policies, () => new DemandForecaster([]), () => { });
}
