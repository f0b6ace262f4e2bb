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
    public void An_arm_that_saves_much_on_a_load_is_chosen_on_it_by_an_agent_of_it()
    {
        var trial = s_trials.Value[0];
        var best = Enumerable.Range(0, KnobArm.All.Count).MinBy(trial.Points);
        Assert.True(trial.Points(best) < 0.9 * trial.Points(0), "there must be something to gain");
        var agent = AgentFit.Of([trial], "");
        var judged = Assert.Single(AgentJudge.Run(
            SimulationRuns.Case("bursts", seed: 1, shards: 12), s_policies, agent, () => new DemandForecaster([]),
            () => { }));
        Assert.True(ObjectiveParts.Of(judged.Score).Points(trial.Policy.Policy.Weights) < trial.Points(0));
    }

    private static IReadOnlyList<TrialCase> Try(string scenario) => TrialCase.Run(
        SimulationRuns.Case(scenario, seed: 1, shards: 12), s_policies, () => new DemandForecaster([]), () => { });
}
