namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/learning: what the agent that turns the policy's knobs chose, and what came of it.</summary>
public sealed record LearningView
{
    /// <summary>Of the policy in force: "off", "shadow" or "live".</summary>
    public required string Mode { get; init; }

    /// <summary>SHA-256 of the agent of this node's program.</summary>
    public required string AgentSha256 { get; init; }

    /// <summary>What the agent was trained on; empty where it cannot be used.</summary>
    public required string Training { get; init; }

    /// <summary>Why the agent cannot be used; then the policy's own values are in force.</summary>
    public string? Problem { get; init; }

    /// <summary>Times that the agent was taken out of force since it cost more than the policy's own values.</summary>
    public required int Falls { get; init; }

    /// <summary>Cost of the agent's quarters of an hour over what the policy's own values would have cost, newer ones
    /// counting more; null before there was one.</summary>
    public double? CostRatio { get; init; }

    /// <summary>Quarters of an hour that <see cref="CostRatio"/> rests on, older ones counting less.</summary>
    public required double AgentIntervals { get; init; }

    /// <summary>Settings that have been in force.</summary>
    public required IReadOnlyList<LearningArmView> Arms { get; init; }

    /// <summary>The newest choices, the newest last.</summary>
    public required IReadOnlyList<LearningChoiceView> Choices { get; init; }
}

/// <summary>A setting of the knobs. Changes are of cost against the policy's own values; −0.1: a tenth less.</summary>
/// <param name="Name">Of the setting.</param>
/// <param name="Intervals">Quarters of an hour, older ones counting less.</param>
/// <param name="Expected">What the agent expected on average.</param>
/// <param name="Seen">What came.</param>
public sealed record LearningArmView(string Name, double Intervals, double Expected, double? Seen);

/// <summary>A choice for a quarter of an hour.</summary>
/// <param name="AtUnixMs">When it was made.</param>
/// <param name="Arm">Name of the setting.</param>
/// <param name="InForce">"agent", "ownInShadow", "ownForComparison" or "ownAfterFall".</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="PolicyVersion">Of the policy at that time.</param>
public sealed record LearningChoiceView(long AtUnixMs, string Arm, string InForce, string Text, long PolicyVersion);
