using System.Collections.Immutable;
using ShardStore.Balancer.Learning;

namespace ShardStore.Node.Placement;

/// <summary>What the cluster knows of its agent: kept by the meta group, so that the next controller goes on with it. A
/// few kilobytes, written anew each quarter of an hour.</summary>
public sealed record LearningRecord
{
    /// <summary>The shape this build writes. What has another one is left alone, and learning begins anew.</summary>
    public const int FormatNow = 1;

    public const int ChoicesKept = 16;

    public int Format { get; init; } = FormatNow;

    /// <summary>Digest of the agent that it is about: another one begins anew.</summary>
    public required string Agent { get; init; }

    public required LearningState State { get; init; }

    /// <summary>The newest last.</summary>
    public ImmutableArray<LearningChoice> Choices { get; init; } = [];
}

/// <summary>What an agent chose for the next quarter of an hour.</summary>
/// <param name="AtMs">Unix time.</param>
/// <param name="Arm">Name of the setting.</param>
/// <param name="Hand">Whose values were in force then.</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="PolicyVersion">Of the policy that it was chosen under.</param>
public sealed record LearningChoice(long AtMs, string Arm, KnobHand Hand, string Text, long PolicyVersion);
