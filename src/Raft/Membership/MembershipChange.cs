using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>A group's change of members, as one log entry. With more than one voter added or removed it leads through
/// a joint configuration, which the leader leaves on its own (by <see cref="LeaveJoint"/>).</summary>
public sealed record MembershipChange
{
    /// <summary>Most steps in one change.</summary>
    public const int StepsMax = 64;

    /// <summary>Ends a joint configuration. Proposed by the core only.</summary>
    internal static readonly MembershipChange LeaveJoint = new();

    public MembershipChange(params ImmutableArray<MembershipStep> steps) => Steps = steps;

    public ImmutableArray<MembershipStep> Steps { get; }

    public static MembershipChange AddVoter(ReplicaId replica) =>
        new(new MembershipStep(MembershipStepKind.AddVoter, replica));

    public static MembershipChange AddLearner(ReplicaId replica) =>
        new(new MembershipStep(MembershipStepKind.AddLearner, replica));

    public static MembershipChange Remove(ReplicaId replica) =>
        new(new MembershipStep(MembershipStepKind.Remove, replica));

    /// <summary>Puts one voter in another's place, in one joint change.</summary>
    public static MembershipChange Replace(ReplicaId leaving, ReplicaId coming) => new(
        new MembershipStep(MembershipStepKind.AddVoter, coming),
        new MembershipStep(MembershipStepKind.Remove, leaving));
}
