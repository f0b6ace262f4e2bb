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
    public void In_the_contexts_of_a_load_an_agent_of_it_chooses_arms_that_cost_less_there()
    {
        var trial = s_trials.Value[1];
        var (own, best) = (trial.Points(0), trial.Scores.Select((_, arm) => trial.Points(arm)).Min());
        Assert.True(best < 0.9 * own, "there must be something to gain");
        var agent = AgentFit.Of([trial], "");
        var chosen = trial.Trials[0].Contexts.Average(context => trial.Points(
            agent.Choose(context, trial.Policy.Policy.Weights, new LearningState(), current: 0).Arm));
        Assert.True(chosen < own - (0.3 * (own - best)), $"{chosen} of {own}, best {best}");
    }

    private static IReadOnlyList<TrialCase> Try(string scenario) => TrialCase.Run(
        SimulationRuns.Case(scenario, seed: 1, shards: 12), s_policies, () => new DemandForecaster([]), () => { });
}
