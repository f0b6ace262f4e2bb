namespace ShardStore.Raft;

/// <summary>The values are in the log: never renumber.</summary>
public enum MembershipStepKind : byte
{
    /// <summary>Adds a voter, or promotes a learner.</summary>
    AddVoter = 1,
    /// <summary>Adds a learner, or demotes a voter.</summary>
    AddLearner = 2,
    Remove = 3,
}

/// <summary>One replica's part in a membership change.</summary>
public readonly record struct MembershipStep(MembershipStepKind Kind, ReplicaId Replica);
