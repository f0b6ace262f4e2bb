using ShardStore.Balancer.Simulation;
using Xunit;

namespace ShardStore.Balancer.Tests.Simulation;

public class ScenarioTests
{
    public static TheoryData<string> Names => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    [Fact]
    public void There_are_twenty_scenarios_and_more_each_with_a_name_of_its_own()
    {
        Assert.True(ScenarioCatalog.All.Count >= 20);
        var names = ScenarioCatalog.All.Select(scenario => scenario.Name);
        Assert.Equal(ScenarioCatalog.All.Count, names.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_is_the_same_by_seed_finite_and_as_full_as_asked(string name)
    {
        var (one, again, other) = (Case(name, 1), Case(name, 1), Case(name, 2));
        var (design, demand) = (one.Clusters[0].Design, one.Demand);
        var ticks = Enumerable.Range(0, (demand.Steps + 1) * demand.TicksPerStep)
            .Where(tick => tick % 37 == 0).ToList();
        Assert.All(ticks, tick => Assert.True(demand.Ops(3, tick) is >= 0 and < 1e9));
        Assert.All(ticks, tick => Assert.Equal(demand.Ops(3, tick), again.Demand.Ops(3, tick)));
        Assert.Contains(ticks, tick => demand.Ops(3, tick) != other.Demand.Ops(3, tick));
        var (mean, peak) = demand.ScoredSums(Array.ConvertAll(
            design.Shards, shard => shard.LeaderCoresPerOp + (2 * shard.FollowerCoresPerOp)));
        var (meanLoad, peakLoad) = (Fill(mean), Fill(peak));
        Assert.True(meanLoad < 0.65 + 1e-9 && peakLoad < 0.72 + 1e-9, $"{meanLoad} {peakLoad}");
        Assert.True(meanLoad > 0.65 - 1e-9 || peakLoad > 0.72 - 1e-9, $"{meanLoad} {peakLoad}");

        double Fill(double cores) => (cores + design.IdleCores.Sum()) / design.CapacityCores.Sum();
    }

    [Fact]
    public void The_hot_shard_has_its_share_and_wanders_where_it_should()
    {
        Assert.Equal(0.2, Shares(Case("hot-shard", 1).Demand, step: 4100).Max(), 1e-3);
        var wandering = Case("hot-wanders", 1).Demand;
        var hot = Enumerable.Range(0, 12).Select(turn =>
        {
            var shares = Shares(wandering, (turn * 48) + 20);
            return Array.IndexOf(shares, shares.Max());
        });
        Assert.True(hot.Distinct().Count() > 4);
    }

    [Fact]
    public void Announced_crowds_are_known_for_the_shards_and_the_hours_that_they_meet()
    {
        var demand = Case("crowd-announced", 1).Demand;
        Assert.Equal(demand.Shards, demand.Known.Count);
        var known = Enumerable.Range(0, demand.Shards).Where(shard => demand.Known[shard] is not null).ToList();
        Assert.InRange(known.Count, 2, 4);
        var logs = new double[demand.ScoredSteps];
        demand.Known[known[0]]!.Parts[0].Fill(demand.FirstStep + demand.HistorySteps, demand.StepSeconds, logs);
        var start = Array.FindIndex(logs, log => log > 0);
        Assert.Equal(Math.Log(4), logs.Max(), 6);
        var (before, during) = (Mean(known[0], start - 4), Mean(known[0], start + 4));
        Assert.InRange(during / before, 3, 5);

        double Mean(int shard, int step) => demand.StepMean(shard, demand.HistorySteps + step);
    }

    [Fact]
    public void A_tick_lies_on_the_line_between_points_and_a_step_is_the_mean_of_its_ticks()
    {
        var demand = new DemandTable("line", [[0, 100, 100, 40]], 1, 300);
        Assert.Equal((60.0, 5), (demand.TickSeconds, demand.TicksPerStep));
        Assert.Equal([10, 30, 50, 70, 90, 100],
            Enumerable.Range(0, 6).Select(tick => Math.Round(demand.Ops(0, tick), 6)));
        Assert.Equal([50, 100, 70], Enumerable.Range(0, 3).Select(step => Math.Round(demand.StepMean(0, step), 6)));
        Assert.Equal(demand.Ops(0, 14), demand.Ops(0, 99));
        Assert.Equal(30, demand.WithTicksOf(10).TicksPerStep);
        Assert.Equal(50, demand.WithTicksOf(10).StepMean(0, 0), 6);
    }

    private static SimulationCase Case(string name, int seed) => SimulationRuns.Case(name, seed);

    private static double[] Shares(DemandTable demand, int step)
    {
        var ops = Enumerable.Range(0, demand.Shards).Select(shard => demand.StepMean(shard, step)).ToArray();
        var sum = ops.Sum();
        return Array.ConvertAll(ops, one => one / sum);
    }
}
