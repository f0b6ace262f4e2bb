namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/cluster: the cluster as the answering node sees it.</summary>
public sealed record ClusterView
{
    public required string ClusterId { get; init; }

    /// <summary>Program version of the answering node.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the answering node.</summary>
    public required string Node { get; init; }

    /// <summary>"ok": every shard has a leader and all its voters; "degraded": it serves, but something is missing;
    /// "unavailable": some slots cannot be served.</summary>
    public required string State { get; init; }

    /// <summary>Why the state is not "ok"; empty when it is.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required long MapEpoch { get; init; }

    /// <summary>Name of the node that runs the controller; null during an election.</summary>
    public string? MetaLeader { get; init; }

    public required int NodeCount { get; init; }
    public required int NodesUp { get; init; }
    public required int ShardCount { get; init; }
    public required int ShardsWithoutLeader { get; init; }
    public required int ReplicasPerShard { get; init; }
    public required int MigrationsRunning { get; init; }
    public required int AlertsActive { get; init; }

    /// <summary>off, reactive or predictive.</summary>
    public required string BalancerMode { get; init; }

    public required long PolicyVersion { get; init; }

    /// <summary>Width of a step of the forecasts and of the longest history.</summary>
    public required int ForecastStepSeconds { get; init; }

    /// <summary>Steps of the forecasts after which load tends to repeat itself; 1: never.</summary>
    public required int ForecastSeasonSteps { get; init; }

    public required double OpsPerSecond { get; init; }
    public required long StoredBytes { get; init; }
    public required long UnixMs { get; init; }
}
