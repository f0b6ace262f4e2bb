namespace ShardStore.Node.Demo;

/// <summary>The `demo` verb: one load, replayed twice on a cluster of this machine.</summary>
public sealed record DemoOptions
{
    public required int Nodes { get; init; }
    public required int Replicas { get; init; }

    /// <summary>Null: four a node, or with a wide trace one a column.</summary>
    public int? Shards { get; init; }

    /// <summary>Null: the built-in trace.</summary>
    public string? TracePath { get; init; }

    /// <summary>Trace seconds per real second; null: what makes a step of the trace last five seconds.</summary>
    public double? Speed { get; init; }

    /// <summary>Length of each replay, without what comes before it. Unit: seconds.</summary>
    public required int Seconds { get; init; }

    public required int Port { get; init; }
    public required int AdminPort { get; init; }
    public required bool Json { get; init; }
}
