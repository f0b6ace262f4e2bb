using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Learning.Training;
using ShardStore.Balancer.Simulation;
using ShardStore.Balancer.Tests.Simulation;
using Xunit;
using Xunit.Abstractions;
using static ShardStore.Balancer.Simulation.SimulatedStrategy;

namespace ShardStore.Balancer.Tests.Learning;

public class KnobTunerTests(ITestOutputHelper output)
{
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
    public void An_agent_that_always_picks_the_worst_arm_is_taken_out_of_force_and_costs_less_than_unwatched()
    {
        var made = SimulationRuns.Case("office", seed: 1, shards: 12);
        var cluster = made.Clusters[0];
        var trial = Assert.Single(TrialCase.Run(
            made, [NamedPolicy.All[0]], () => new DemandForecaster([]), () => { }));
        var worst = Enumerable.Range(0, KnobArm.All.Count).MaxBy(trial.Points);
        var (own, unwatched) = (trial.Points(0), trial.Points(worst));
        Assert.True(unwatched > 1.5 * own, "there must be a bad arm here");
        var live = cluster.Policy with { Learning = LearningMode.Live };
        var poisoned = MadeAgent.Of((KnobArm.All[worst].Name, MadeAgent.Sure(-0.9, -0.9, -0.9)));
        var tuner = new KnobTuner(poisoned, live, new LearningState());
        var watched = Assert.Single(SimulationRuns.Run(
            new SimulationRun(made.Demand, [(cluster, tuner)]))).Score.Objective;
        output.WriteLine($"{KnobArm.All[worst].Name}: watched {watched}, unwatched {unwatched}, own {own}");
        Assert.True(tuner.State.Guard.Falls > 0);
        Assert.True(watched - own < 0.7 * (unwatched - own));
    }

    [Fact]
    public void Whatever_the_planner_an_agent_whose_values_fill_the_nodes_is_out_within_two_hours_of_having_its_way()
    {
        var live = BalancingPolicy.Default with { Learning = LearningMode.Live };
        var tuner = new KnobTuner(
            MadeAgent.Of(("roomier", MadeAgent.Sure(-0.9, -0.9, -0.9))), live, new LearningState());
        var hands = new List<KnobHand>();
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            var atMs = TestCluster.NowMs + (minute * 60_000L);
            tuner.Observe(Nodes(cpu: tuner.Hand == KnobHand.Agent ? 0.95 : 0.5, live), atMs);
            hands.Add(tuner.Hand);
        }

        Assert.InRange(hands.Count(hand => hand == KnobHand.Agent), 1, 4 * 60);
        Assert.True(tuner.State.Guard.Falls > 1, "it is tried again");
        Assert.Contains("with the agent's it cost more", tuner.Explanation);

        static ClusterSnapshot Nodes(double cpu, BalancingPolicy policy) => new()
        {
            Nodes =
            [
                .. Enumerable.Range(1, 3).Select(id => new NodeLoad
                {
                    Id = new NodeId(id),
                    CapacityCores = 4,
                    Utilization = new ResourceFractions(cpu, 0, 0, 0),
                }),
            ],
            Shards = [],
            Policy = policy,
        };
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
