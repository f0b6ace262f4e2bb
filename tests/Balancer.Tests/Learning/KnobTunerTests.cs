using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Simulation;
using ShardStore.Balancer.Tests.Simulation;
using Xunit;
using Xunit.Abstractions;
using static ShardStore.Balancer.Simulation.SimulatedStrategy;

namespace ShardStore.Balancer.Tests.Learning;

public class KnobTunerTests(ITestOutputHelper output)
{
    /// <summary>Whatever the context, it is sure that the arm that makes most trouble here saves nearly all.</summary>
    private static readonly LearnedAgent s_poisoned = MadeAgent.Of(("trusting", MadeAgent.Sure(-0.9, -0.9, -0.9)));

    [Fact]
    public void An_agent_that_knows_nothing_better_balances_as_the_policy_itself()
    {
        var indifferent = MadeAgent.Of(("early", MadeAgent.Sure(0, 0, 0)));
        var made = SimulationRuns.Case("bursts", seed: 2, shards: 12);
        var scores = Scores(made, indifferent, Predictive, Learned);
        Assert.Equal(scores[Predictive], scores[Learned]);
    }

    [Fact]
    public void What_an_agent_chooses_changes_what_is_done_only_where_the_policy_lets_it()
    {
        var agent = MadeAgent.Of(("roomy", MadeAgent.Sure(-0.5, -0.5, -0.5)));
        var made = SimulationRuns.Case("bursts", seed: 2, shards: 12);
        var own = SimulationRuns.Scores(made, Predictive)[Predictive];
        foreach (var mode in Enum.GetValues<LearningMode>())
        {
            var policy = made.Clusters[0].Policy with { Learning = mode };
            var tuner = new KnobTuner(agent, policy, new LearningState());
            var run = new SimulationRun(made.Demand, [(made.Clusters[0], tuner)]);
            var score = Assert.Single(SimulationRuns.Run(run)).Score;
            Assert.Equal(mode != LearningMode.Live, own == score);
            Assert.Equal(1, tuner.Choice.Arm);
            Assert.Contains("keeps nodes emptier than the policy asks", tuner.Explanation);
        }
    }

    [Fact]
    public void A_poisoned_agent_is_taken_out_of_force_and_costs_less_than_unwatched()
    {
        var made = SimulationRuns.Case("hot-wanders", seed: 1);
        var cluster = made.Clusters[0];
        var live = cluster.Policy with { Learning = LearningMode.Live };
        var tuner = new KnobTuner(s_poisoned, live, new LearningState());
        var unwatched = new FixedKnobs(
            KnobArm.All.Single(arm => arm.Name == s_poisoned.Arms[1]).Knobs.Apply(cluster.Policy));
        var own = new FixedKnobs(cluster.Policy);
        var results = SimulationRuns.Run(new SimulationRun(
            made.Demand, [(cluster, tuner), (cluster, unwatched), (cluster, own)]));
        var points = results.Select(result => result.Score.Objective).ToList();
        output.WriteLine($"watched {points[0]}, unwatched {points[1]}, the policy itself {points[2]}");
        Assert.True(points[1] > 1.5 * points[2], "the arm must be a bad one here");
        Assert.True(tuner.State.Guard.Falls > 0);
        Assert.Equal(KnobHand.OwnAfterFall, tuner.Hand);
        Assert.True(points[0] - points[2] < 0.5 * (points[1] - points[2]));
    }

    [Fact]
    public void What_the_meter_counts_is_what_the_simulation_scores()
    {
        var made = SimulationRuns.Case("bursts", seed: 3);
        var watcher = new Watcher(made.Clusters[0].Policy);
        var result = Assert.Single(SimulationRuns.Run(
            new SimulationRun(made.Demand, [(made.Clusters[0], watcher)])));
        var scored = ObjectiveParts.Of(result.Score);
        output.WriteLine($"{watcher.Sum} {scored}");
        Assert.True(scored.Overload > 500 && scored.Effort > 50, "there must be something to count");
        // The meter sees CPU with its noise and the placement a tick earlier.
        Assert.InRange(watcher.Sum.Overload / scored.Overload, 0.7, 1.4);
        Assert.InRange(watcher.Sum.Latency / scored.Latency, 0.5, 1.5);
        Assert.InRange(watcher.Sum.Effort / scored.Effort, 0.9, 1.1);
    }

    private static Dictionary<SimulatedStrategy, SimulationScore> Scores(
        SimulationCase made, LearnedAgent agent, params SimulatedStrategy[] strategies) =>
        SimulationRuns.Scores(made with
        {
            Clusters = [.. made.Clusters.Select(cluster => cluster with { Agent = agent })],
        }, strategies);

    private sealed class FixedKnobs(BalancingPolicy policy) : ILaneKnobs
    {
        public BalancingPolicy Policy => policy;

        public void Observe(ClusterSnapshot seen, long nowMs) => Assert.True(nowMs > 0);
    }

    private sealed class Watcher(BalancingPolicy policy) : ILaneKnobs
    {
        private readonly IntervalMeter _meter = new(policy);

        public BalancingPolicy Policy => policy;

        public ObjectiveParts Sum { get; private set; }

        public void Observe(ClusterSnapshot seen, long nowMs)
        {
            _meter.Observe(seen, nowMs);
            Sum += _meter.Read();
        }
    }
}
