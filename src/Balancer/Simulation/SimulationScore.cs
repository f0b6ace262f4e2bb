namespace ShardStore.Balancer.Simulation;

/// <summary>What one run of one strategy cost.</summary>
public sealed record SimulationScore
{
    /// <summary>Sum over the nodes of the time above the policy's threshold.</summary>
    public required double BreachSeconds { get; init; }

    public required double BytesMoved { get; init; }

    /// <summary>Replica moves begun.</summary>
    public required int Moves { get; init; }

    public required int LeaderTransfers { get; init; }

    /// <summary>Of both kinds: a node that they needed was lost.</summary>
    public required int FailedMoves { get; init; }

    /// <summary>Moves that undid another of the same shard which had ended less than a cool-down before.</summary>
    public required int Reversals { get; init; }

    /// <summary>Of nodes that are up and not drained.</summary>
    public required double NodeHours { get; init; }

    /// <summary>Estimate of the latency that one request in 100 exceeds.</summary>
    public required double Ms99 { get; init; }

    /// <summary>Sum over the ticks of their length times the share of requests that took longer than
    /// <see cref="Learning.ObjectiveParts.SlowMs"/>. Unlike a percentile it can be added up.</summary>
    public required double SlowSeconds { get; init; }

    /// <summary>All of it in points under the policy's weights, as <see cref="Learning.ObjectiveParts"/> counts them.
    /// </summary>
    public double Objective { get; init; }

    /// <summary>Mean time from a node's passing of the threshold until it is back below; 0 without a breach.</summary>
    public required double ReliefSeconds { get; init; }

    /// <summary>Highest load of any node in any tick, waiting work not counted. Fraction of capacity.</summary>
    public required double UtilizationMax { get; init; }
}
