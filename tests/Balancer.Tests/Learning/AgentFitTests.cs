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
    public void The_arm_under_which_nodes_stay_below_the_threshold_is_chosen_and_no_other()
    {
        var arms = KnobArm.All.Select(arm => Lived(arm, fullest: arm.Name == "roomy" ? 0.7 : 0.9)).ToList();
        var agent = AgentFit.Of([new TrialCase("made", s_policies[0], arms, []) { Nodes = 3 }], "");
        var weights = s_policies[0].Policy.Weights;
        var context = arms[0].Contexts[^1];
        var choice = agent.Choose(context, weights, new LearningState(), current: 0);
        Assert.Equal("roomy", agent.Arms[choice.Arm]);
        // Nearly all that is spent goes; the penalty keeps some.
        Assert.InRange(choice.Estimate.Change, -1, -0.7);
        Assert.Equal(0, agent.Estimate(1, agent.Scale.Apply(context), weights).Change, 9);
        // One of three nodes over the threshold for a quarter of an hour, and what is slow.
        Assert.InRange(agent.OwnCost.At(agent.Scale.Apply(context)).Overload, 290, 301);
    }

    /// <summary>A day of three nodes, one of them that full.</summary>
    private static ArmTrial Lived(KnobArm arm, double fullest)
    {
        var trial = new ArmTrial(s_policies[0].Policy, arm);
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            trial.Observe(
                new ClusterSnapshot
                {
                    Nodes =
                    [
                        .. Enumerable.Range(1, 3).Select(id => new NodeLoad
                        {
                            Id = new NodeId(id),
                            CapacityCores = 4,
                            Utilization = new ResourceFractions(id == 1 ? fullest : 0.5, 0, 0, 0),
                        }),
                    ],
                    Shards = [],
                },
                TestCluster.NowMs + (minute * 60_000L));
        }

        return trial;
    }

    private static IReadOnlyList<TrialCase> Try(string scenario) => TrialCase.Run(
        SimulationRuns.Case(scenario, seed: 1, shards: 12), s_policies, () => new DemandForecaster([]), () => { });
}
