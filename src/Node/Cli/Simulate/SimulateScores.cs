using ShardStore.Balancer.Simulation;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>The figures of one trace under one strategy: medians over the seeds, or their sums over all traces.
/// </summary>
internal sealed record StrategyScores(string Trace, SimulatedStrategy Strategy, IReadOnlyList<double> Figures)
{
    /// <summary>What the line of sums is called.</summary>
    public const string AllTraces = "all";

    public double BreachSeconds => Figures[0];

    /// <summary>One for each trace and strategy, in the order of the runs.</summary>
    public static IReadOnlyList<StrategyScores> Medians(IEnumerable<NamedResult> results) =>
    [
        .. results.GroupBy(named => (named.Trace, named.Result.Strategy)).Select(group => new StrategyScores(
            group.Key.Trace, group.Key.Strategy,
            [.. SimulateFigure.All.Select(figure => Median(group.Select(named => figure.Of(named.Result.Score))))])),
    ];

    /// <summary>One for each strategy: the sum of the medians, or their median where a sum means nothing.</summary>
    public static IReadOnlyList<StrategyScores> Totals(IReadOnlyList<StrategyScores> medians) =>
    [
        .. medians.GroupBy(scores => scores.Strategy).Select(group => new StrategyScores(
            AllTraces, group.Key, [.. SimulateFigure.All.Select((figure, i) => figure.Adds
                ? group.Sum(scores => scores.Figures[i])
                : Median(group.Select(scores => scores.Figures[i])))])),
    ];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }
}

/// <summary>One figure of the scorecard, for JSON, tables and the report.</summary>
internal sealed record SimulateFigure(string Name, string Title, string Meaning, Func<SimulationScore, double> Of)
{
    /// <summary>Whether a sum over traces says anything.</summary>
    public bool Adds { get; init; } = true;

    public int Digits { get; init; }

    /// <summary>What the table shows is the figure divided by this.</summary>
    public double Unit { get; init; } = 1;

    public static IReadOnlyList<SimulateFigure> All { get; } =
    [
        new("breach_seconds", "breach s", "node-seconds above the policy's threshold", score => score.BreachSeconds),
        new("bytes_moved", "GB moved", "sent by replica moves", score => score.BytesMoved) { Digits = 1, Unit = 1e9 },
        new("moves", "moves", "replica moves begun", score => score.Moves),
        new("leader_transfers", "transfers", "leader transfers begun", score => score.LeaderTransfers),
        new("failed_moves", "failed", "moves of both kinds that lost a node they needed", score => score.FailedMoves),
        new("reversals", "reversals", "moves that undid another of less than a cool-down before",
            score => score.Reversals),
        new("node_hours", "node h", "hours of nodes that were up and not drained", score => score.NodeHours)
        {
            Digits = 1,
        },
        new("p99_ms", "p99 ms", "estimated latency that one request in 100 exceeds", score => score.Ms99)
        {
            Adds = false,
            Digits = 1,
        },
        new("slow_seconds", "slow s", "seconds times the share of requests that took longer than 10 ms",
            score => score.SlowSeconds),
        new("objective", "points", "all of it by the policy's weights (docs/balancing.md)", score => score.Objective),
        new("time_to_relief_s", "relief s", "mean length of a breach", score => score.ReliefSeconds) { Adds = false },
        new("max_utilization", "max use", "highest load of any node in any tick, as a share of its capacity",
            score => score.UtilizationMax)
        {
            Adds = false,
            Digits = 2,
        },
    ];
}
