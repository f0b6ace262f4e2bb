using ShardStore.Balancer;

namespace ShardStore.Node.Admin.Views;

/// <summary>Why a move was not taken, in words.</summary>
internal static class RejectionTexts
{
    public static string Of(RejectionReason reason) => reason switch
    {
        RejectionReason.AlreadyMoving => "the shard is moving already",
        RejectionReason.ShardPinned => "the policy pins the shard",
        RejectionReason.TargetNotActive => "the destination is down or being drained",
        RejectionReason.TargetHoldsReplica => "the destination holds a copy already",
        RejectionReason.TargetIsNoVoter => "the destination's copy has no vote",
        RejectionReason.QuorumAtRisk => "the shard could lose its majority meanwhile",
        RejectionReason.ZoneSpreadLost => "the copies would share a zone",
        RejectionReason.TargetDiskFull => "the destination's disk has no room",
        RejectionReason.CoolingDown => "the shard moved a short while ago",
        RejectionReason.WouldReverse => "it would undo an earlier move",
        RejectionReason.SourceSettling => "the source has just given up load",
        RejectionReason.TargetIsSource => "the destination gives up load itself",
        RejectionReason.NodeMovesAtLimit => "the node has as many moves as the policy allows",
        RejectionReason.ClusterMovesAtLimit => "the cluster has as many moves as the policy allows",
        RejectionReason.QuietHours => "the policy's quiet hours",
        RejectionReason.Vetoed => "an operator vetoed moves of the shard for now",
        RejectionReason.LinkTooSlow => "the shard is written faster than the link can follow",
        RejectionReason.NotLikelyYet => "the overload is not likely enough yet to send a copy for",
        RejectionReason.OneShardIsTheLoad => "the shard alone is the load: moving it moves the overload",
        RejectionReason.BelowFloor => "the shard's load is too small to matter",
        RejectionReason.GapTooSmall => "source and destination are too alike",
        RejectionReason.TargetWouldBreach => "the destination would be overloaded",
        RejectionReason.NoGain => "it would not help",
        RejectionReason.BelowUrgency => "it is not urgent enough",
        RejectionReason.LessUseful => "another move does more",
        _ => reason.ToString(),
    };
}
