using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>A generated load, and what happens to the cluster under it.</summary>
public sealed class Scenario
{
    private readonly ScenarioShape _shape;
    private readonly Func<ClusterRules, ClusterRules> _change;
    private readonly Func<int, ImmutableArray<ClusterEvent>> _events;

    internal Scenario(
        string name, string text, ScenarioShape shape, Func<ClusterRules, ClusterRules>? change = null,
        Func<int, ImmutableArray<ClusterEvent>>? events = null)
    {
        (Name, Text, _shape) = (name, text, shape);
        _change = change ?? (rules => rules);
        _events = events ?? (_ => []);
    }

    public string Name { get; }

    /// <summary>What it is, for people.</summary>
    public string Text { get; }

    /// <summary>Steps that a run of that size takes.</summary>
    public static int Rounds(ScenarioSize size) => (size.Days * ScenarioDemand.DaySteps)
        + ShardForecasts.RunInRounds(size.Shards, ScenarioDemand.HistoryDays * ScenarioDemand.DaySteps);

    /// <param name="rules">Of the cluster; a scenario about nodes or sizes changes them.</param>
    /// <param name="policy">In force.</param>
    /// <param name="size">How large and how long.</param>
    /// <param name="seed">Draws the demand and the cluster.</param>
    public SimulationCase Build(ClusterRules rules, BalancingPolicy policy, ScenarioSize size, int seed)
    {
        var changed = _change(rules);
        var raw = new ScenarioDemand(_shape, size.Shards, size.Days, (ulong)seed).Build(Name);
        var demand = ClusterDraw.Scale(raw, changed);
        var design = ClusterDraw.Of(demand, changed, (ulong)seed);
        var events = _events(demand.HistorySteps)
            .Where(happened => happened.Step < demand.Steps && happened.Node < design.Nodes);
        return new SimulationCase(demand, [new SimulatedCluster(design, policy, [.. events])], [seed]);
    }
}

/// <summary>How large a generated load is.</summary>
/// <param name="Days">That are scored, after a fortnight of history.</param>
public readonly record struct ScenarioSize(int Shards, int Days);
