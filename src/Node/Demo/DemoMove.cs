namespace ShardStore.Node.Demo;

/// <summary>A migration of a run. Times are seconds of the replay.</summary>
public sealed record DemoMove
{
    public const string LeaderKind = "leader";
    public const string ReplicaKind = "replica";

    /// <summary>One of the two words above.</summary>
    public required string Kind { get; init; }

    public bool IsReplica => Kind == ReplicaKind;

    public required int Shard { get; init; }
    public required int From { get; init; }
    public required int To { get; init; }
    public required double StartS { get; init; }

    /// <summary>Null: still under way when the replay ended.</summary>
    public required double? EndS { get; init; }

    public required string Outcome { get; init; }

    /// <summary>The planner's reason.</summary>
    public required string Why { get; init; }
}
