using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Tests.Simulation;

/// <summary>Small simulations; with the baselines as forecasters, which know the day and cost little.</summary>
internal static class SimulationRuns
{
    public static readonly ClusterRules Rules = new() { Nodes = 6 };

    public static SimulationCase Case(string scenario, int seed, ClusterRules? rules = null, int shards = 30) =>
        ScenarioCatalog.All.Single(known => known.Name == scenario)
            .Build(rules ?? Rules, BalancingPolicy.Default, new ScenarioSize(shards, 1), seed);

    public static Dictionary<SimulatedStrategy, SimulationScore> Scores(
        SimulationCase made, params SimulatedStrategy[] strategies) =>
        Run(new SimulationRun(made.Demand, made.Clusters, strategies))
            .ToDictionary(result => result.Strategy, result => result.Score);

    /// <summary>With every forecaster that needs no library: what is claimed of predictive is claimed of these.
    /// </summary>
    public static Dictionary<SimulatedStrategy, SimulationScore> FullScores(
        SimulationCase made, params SimulatedStrategy[] strategies) =>
        new SimulationRun(made.Demand, made.Clusters, strategies)
            .Run(() => DemandForecaster.Standard(null), () => { })
            .ToDictionary(result => result.Strategy, result => result.Score);

    public static IReadOnlyList<SimulationResult> Run(SimulationRun run, Action? advanced = null) =>
        run.Run(() => new DemandForecaster([]), advanced ?? (() => { }));

    /// <summary>Six nodes whose shards lie evenly; demand as it is given, the same for a shard at all times.</summary>
    public static DemandTable Flat(params double[] ops) => new(
        "flat", Array.ConvertAll(ops, value => Enumerable.Repeat((float)value, 101).ToArray()), 50, 300);
}
