using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>A group's membership. While <see cref="VotersOutgoing"/> is not empty the group is in a joint
/// configuration and every decision needs a majority of both sets (Raft §6). All lists are sorted.</summary>
public sealed record Configuration
{
    public static readonly Configuration Empty = new();

    public ImmutableArray<ReplicaId> Voters { get; init; } = [];
    public ImmutableArray<ReplicaId> VotersOutgoing { get; init; } = [];
    public ImmutableArray<ReplicaId> Learners { get; init; } = [];

    /// <summary>Voters of the outgoing set that become learners when the joint configuration is left.</summary>
    public ImmutableArray<ReplicaId> LearnersNext { get; init; } = [];

    public bool IsJoint => !VotersOutgoing.IsEmpty;
}
