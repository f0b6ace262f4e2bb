namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/forecasts/nodes/{name}: what lies ahead of a node's CPU. All shares are of its capacity.
/// </summary>
public sealed record NodeForecastView
{
    public required string Node { get; init; }

    /// <summary>What is forecast; cpuShare.</summary>
    public required string Metric { get; init; }

    public required double StepSeconds { get; init; }

    /// <summary>Start of the first step.</summary>
    public required long StartUnixMs { get; init; }

    /// <summary>Load now, moves in flight counted as done.</summary>
    public required double Current { get; init; }

    /// <summary>The share that the policy lets no node pass.</summary>
    public required double Threshold { get; init; }

    /// <summary>Step by step.</summary>
    public required IReadOnlyList<double> Median { get; init; }

    /// <summary>Quantile that a planner acts on, step by step, and its level.</summary>
    public required IReadOnlyList<double> High { get; init; }

    public required double HighLevel { get; init; }

    /// <summary>Of passing the threshold within the horizon, in whichever step.</summary>
    public required double OverloadProbability { get; init; }

    /// <summary>When it is as likely as not to have passed it; null if it never is.</summary>
    public long? BreachUnixMsP50 { get; init; }

    /// <summary>When the chance of having passed it is one that a planner acts on.</summary>
    public long? BreachUnixMsP90 { get; init; }

    /// <summary>Start of the step with the highest load.</summary>
    public required long PeakUnixMs { get; init; }

    /// <summary>Who makes the median load of that step, the largest first, with what belongs to no shard. The shares
    /// add up to it.</summary>
    public required IReadOnlyList<ShardPartView> Parts { get; init; }

    public required double BackgroundShare { get; init; }

    /// <summary>Part of the load that rests on shards with too little history.</summary>
    public required double UntrustedShare { get; init; }
}

/// <summary>A shard's part of a node's load.</summary>
public sealed record ShardPartView(int Shard, bool Leads, double Share);
