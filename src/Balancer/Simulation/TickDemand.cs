namespace ShardStore.Balancer.Simulation;

/// <summary>One tick as all lanes meet it.</summary>
internal sealed record TickDemand
{
    /// <summary>Counted from the demand's first step.</summary>
    public required int Tick { get; init; }

    /// <summary>Counted from the first that is scored.</summary>
    public required int ScoredTick { get; init; }

    /// <summary>The step that it lies in.</summary>
    public required int Step { get; init; }

    /// <summary>Unix time at its start.</summary>
    public required long NowMs { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Mean ops/s of each shard in it.</summary>
    public required double[] Ops { get; init; }

    /// <summary>The same in the one before: what is known when it starts.</summary>
    public required double[] OpsBefore { get; init; }
}
