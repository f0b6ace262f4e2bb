namespace ShardStore.Node;

/// <summary>A whole cluster on this machine: the `dev` verb. Node i listens on Port + i - 1 and serves its admin API on
/// AdminPort + i - 1; peers talk on Port + 100 + i - 1.</summary>
public sealed record DevOptions
{
    public required int Nodes { get; init; }
    public required int Shards { get; init; }
    public required int Replicas { get; init; }

    /// <summary>Null: a fresh temporary folder, deleted at the end.</summary>
    public string? Dir { get; init; }

    public required int Port { get; init; }
    public required int AdminPort { get; init; }

    /// <summary>One process a node instead of all in this one: what is measured and killed is then real.</summary>
    public required bool Processes { get; init; }

    public required BalancerMode Balancer { get; init; }
    public required int ForecastStepSeconds { get; init; }
    public required int ForecastSeasonSteps { get; init; }

    /// <summary>Of each node.</summary>
    public required double CapacityCores { get; init; }

    /// <summary>Of each node.</summary>
    public required int MemoryMb { get; init; }

    public required int ElectionMs { get; init; }
    public required int HeartbeatMs { get; init; }
    public required int CheckpointMb { get; init; }
}
