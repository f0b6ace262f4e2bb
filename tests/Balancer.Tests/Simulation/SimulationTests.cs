using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;
using Xunit;
using Xunit.Abstractions;
using static ShardStore.Balancer.Simulation.SimulatedStrategy;

namespace ShardStore.Balancer.Tests.Simulation;

public class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void On_days_that_repeat_predictive_is_over_the_threshold_for_less_time_than_reactive_and_oracle_for_less()
    {
        var sums = Sums("day-swing", seeds: 2, Off, Reactive, Predictive, Oracle);
        Assert.True(sums[Reactive].BreachSeconds < sums[Off].BreachSeconds);
        Assert.True(sums[Predictive].BreachSeconds < 0.7 * sums[Reactive].BreachSeconds);
        Assert.True(sums[Oracle].BreachSeconds <= sums[Predictive].BreachSeconds);
        Assert.All(sums.Values, score => Assert.Equal(0, score.Reversals));
        Assert.Equal(0, sums[Off].Moves + sums[Off].LeaderTransfers);
    }

    [Fact]
    public void On_noise_without_a_pattern_predictive_moves_no_more_than_reactive()
    {
        var sums = Sums("noise", seeds: 2, Reactive, Predictive);
        Assert.True(Count(sums[Reactive]) > 0, "the noise must tempt somebody");
        Assert.True(Count(sums[Predictive]) <= Count(sums[Reactive]));
        Assert.All(sums.Values, score => Assert.Equal(0, score.Reversals));
    }

    [Fact]
    public void On_a_calm_load_nobody_moves_anything()
    {
        var made = SimulationRuns.Case("steady", seed: 1, SimulationRuns.Rules with { Load = 0.2 });
        var scores = SimulationRuns.Scores(made, Reactive, Predictive, Oracle);
        Assert.All(scores.Values, score =>
            Assert.Equal((0, 0, 0.0), (score.Moves, score.LeaderTransfers, score.BreachSeconds)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_another_one_others()
    {
        var first = SimulationRuns.Scores(SimulationRuns.Case("failure", seed: 1, shards: 12), Reactive, Predictive);
        var again = SimulationRuns.Scores(SimulationRuns.Case("failure", seed: 1, shards: 12), Reactive, Predictive);
        var other = SimulationRuns.Scores(SimulationRuns.Case("failure", seed: 2, shards: 12), Reactive);
        Assert.Equal(first, again);
        Assert.NotEqual(first[Reactive], other[Reactive]);
    }

    [Fact]
    public void With_every_forecaster_too_the_same_seed_gives_the_same_scores()
    {
        Assert.Equal(Run(), Run());

        static SimulationScore Run()
        {
            var made = SimulationRuns.Case("office", seed: 1, shards: 9);
            return Assert.Single(new SimulationRun(made.Demand, made.Clusters, [Predictive])
                .Run(() => DemandForecaster.Standard(null), () => { })).Score;
        }
    }

    [Fact]
    public void A_strategy_fares_the_same_whichever_others_run_beside_it()
    {
        var made = SimulationRuns.Case("bursts", seed: 3, shards: 12);
        var alone = SimulationRuns.Scores(made, Predictive);
        var beside = SimulationRuns.Scores(made, Off, Reactive, Predictive, Oracle);
        Assert.Equal(alone[Predictive], beside[Predictive]);
    }

    [Theory]
    [InlineData("hot-wanders")]
    [InlineData("failure")]
    [InlineData("failure-replaced")]
    [InlineData("drain")]
    public void Every_shard_keeps_its_replicas_on_nodes_of_their_own_and_is_led_by_one_that_is_up(string scenario)
    {
        var made = SimulationRuns.Case(scenario, seed: 4, SimulationRuns.Rules with { Load = 0.6 }, shards: 18);
        var run = new SimulationRun(made.Demand, made.Clusters, [Off, Reactive, Oracle]);
        var results = SimulationRuns.Run(run, () => Assert.All(run.Lanes, lane => CheckPlacement(lane, shards: 18)));
        Assert.Contains(results, result => result.Score.Moves + result.Score.LeaderTransfers > 0);
    }

    [Fact]
    public void A_drained_node_ends_empty_under_every_strategy_and_costs_no_more_hours()
    {
        var made = SimulationRuns.Case("drain", seed: 1, shards: 18);
        var run = new SimulationRun(made.Demand, made.Clusters, [Off, Reactive, Oracle]);
        var results = SimulationRuns.Run(run);
        foreach (var lane in run.Lanes)
        {
            Assert.All(Enumerable.Range(0, 18), shard =>
                Assert.DoesNotContain(lane.Placement.Replicas(shard), replica => replica.Node == new NodeId(2)));
        }

        // One of six is gone after a third of the day.
        Assert.All(results, result => Assert.InRange(result.Score.NodeHours, 5 * 24, (5 * 24) + 10));
    }

    [Fact]
    public void What_a_failing_node_was_sending_fails_with_it()
    {
        var made = SimulationRuns.Case("failure", seed: 1, shards: 18);
        var cluster = made.Clusters[0] with
        {
            Events =
            [
                new ClusterEvent(made.Demand.HistorySteps + 3, ClusterEventKind.Drain, 1),
                new ClusterEvent(made.Demand.HistorySteps + 4, ClusterEventKind.Fail, 1),
            ],
        };
        var slow = cluster with
        {
            Policy = cluster.Policy with
            {
                Limits = cluster.Policy.Limits with { BytesPerSecondMax = 1_000_000 },
            },
        };
        var result = Assert.Single(SimulationRuns.Run(new SimulationRun(made.Demand, [slow], [Off])));
        Assert.Equal(2, result.Score.FailedMoves);
    }

    [Fact]
    public void Forecasters_are_made_only_where_predictive_takes_part()
    {
        var made = SimulationRuns.Case("steady", seed: 1, shards: 6);
        var run = new SimulationRun(made.Demand, made.Clusters, [Off, Reactive, Oracle]);
        Assert.Equal(3, run.Run(() => throw new InvalidOperationException("not needed"), () => { }).Count);
    }

    private static int Count(SimulationScore score) => score.Moves + score.LeaderTransfers;

    private static void CheckPlacement(SimulationLane lane, int shards)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            var nodes = lane.Placement.Replicas(shard).Select(replica => replica.Node.Value - 1).ToList();
            Assert.Equal(3, nodes.Distinct().Count());
            Assert.Contains(lane.Placement.Leader(shard), nodes);
            Assert.True(lane.Placement.IsUp(lane.Placement.Leader(shard)));
        }
    }

    private Dictionary<SimulatedStrategy, SimulationScore> Sums(
        string scenario, int seeds, params SimulatedStrategy[] strategies)
    {
        var sums = new Dictionary<SimulatedStrategy, SimulationScore>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var made = SimulationRuns.Case(scenario, seed);
            foreach (var (strategy, score) in SimulationRuns.FullScores(made, strategies))
            {
                output.WriteLine($"{scenario} {seed} {strategy}: {score}");
                sums[strategy] = sums.TryGetValue(strategy, out var before) ? Add(before, score) : score;
            }
        }

        return sums;
    }

    private static SimulationScore Add(SimulationScore a, SimulationScore b) => a with
    {
        BreachSeconds = a.BreachSeconds + b.BreachSeconds,
        BytesMoved = a.BytesMoved + b.BytesMoved,
        Moves = a.Moves + b.Moves,
        LeaderTransfers = a.LeaderTransfers + b.LeaderTransfers,
        Reversals = a.Reversals + b.Reversals,
    };
}
