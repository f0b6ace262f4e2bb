using System.Globalization;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>What may be done with recommendations, and what they are afterwards. Pure, since every node must come to
/// the same.</summary>
public static class RecommendationRules
{
    /// <summary>A week: who wants a shard to stay for longer pins it in the policy.</summary>
    public const int VetoMinutesMax = 7 * 24 * 60;

    public static string? Refuse(MetaState state, ApproveRecommendation approve, long nowMs)
    {
        if (Find(state, approve.Id) is not { } record)
            return Unknown(approve.Id);
        if (RefuseApproval(record) is { } reason)
            return reason;
        return approve.UntilMs > nowMs ? null : $"recommendation {record.Id} ran out at {Time(approve.UntilMs)}";
    }

    /// <summary>Why a recommendation cannot be approved whatever the policy says, or null.</summary>
    public static string? RefuseApproval(RecommendationRecord record)
    {
        if (record.IsDrain)
            return $"recommendation {record.Id} is part of a drain, which needs no approval";
        return record.State == RecommendationState.Proposed ? null : $"{Told(record)}; only a proposal can be approved";
    }

    public static string? Refuse(MetaState state, VetoRecommendation veto)
    {
        if (Find(state, veto.Id) is not { } record)
            return Unknown(veto.Id);
        if (veto.Minutes is < 1 or > VetoMinutesMax)
            return $"minutes {veto.Minutes}: must be from 1 to {VetoMinutesMax}";
        if (record.IsDrain)
            return $"recommendation {record.Id} is part of a drain, which an operator ordered; end the drain instead";
        if (record.State == RecommendationState.Executing)
            return $"{Told(record)}; it is too late for a veto, cancel the migration instead";
        return record.State is RecommendationState.Proposed or RecommendationState.Approved
            ? null
            : $"{Told(record)}; only what has not begun can be vetoed";
    }

    /// <summary>Why a recommended move may not start now, or null. Asked when the start is applied, so that a veto that
    /// came first holds, whoever is the controller.</summary>
    public static string? Refuse(MetaState state, StartMigration start, long nowMs)
    {
        if (start.Recommended is not { } recommended || recommended.Cause == MoveCause.Drain)
            return null;
        if (VetoOf(state, start.Shard, nowMs) is { } veto)
        {
            return $"shard {start.Shard} is to stay until {Time(veto.VetoedUntilMs)}: recommendation {veto.Id} was "
                + "vetoed";
        }
        var isAllowed = !recommended.NeedsApproval || Open(state, MoveOf(start))?.IsApprovedAt(nowMs) == true;
        return isAllowed
            ? null
            : $"the move of shard {start.Shard} from node {start.From} to node {start.To} is not approved";
    }

    /// <summary>Why a row gets no number although it has none: its shard was vetoed after the round began.</summary>
    public static bool IsVetoed(MetaState state, NewProposal proposal, long nowMs) =>
        !proposal.IsDrain && VetoOf(state, proposal.Move.Shard, nowMs) is not null;

    public static RecommendationRecord? Find(MetaState state, long id) => state.Recommendations.GetValueOrDefault(id);

    /// <summary>The record of a proposal that is not over; null where the move is a new one.</summary>
    public static RecommendationRecord? Open(MetaState state, ProposedMove move) =>
        state.Recommendations.Values.FirstOrDefault(known => known.IsOpen && known.Move == move);

    public static ProposedMove MoveOf(StartMigration start) => new(start.Kind, start.Shard, start.From, start.To);

    public static RecommendationRecord Proposal(long id, NewProposal proposal, long nowMs) => new()
    {
        Id = id,
        Move = proposal.Move,
        IsDrain = proposal.IsDrain,
        State = RecommendationState.Proposed,
        ProposedMs = nowMs,
        SinceMs = nowMs,
    };

    public static RecommendationRecord Started(
        RecommendationRecord record, StartMigration start, long migration, long nowMs)
    {
        var recommended = start.Recommended!;
        return record with
        {
            State = RecommendationState.Executing,
            SinceMs = nowMs,
            StartedMs = nowMs,
            Migration = migration,
            Cause = recommended.Cause,
            PolicyVersion = start.PolicyVersion ?? 0,
            Strategy = recommended.Strategy,
            ForecastMethod = recommended.ForecastMethod,
            Reason = start.Reason,
            Expected = recommended.Expected,
            Rejected = recommended.Rejected,
        };
    }

    /// <summary>The record after its migration has ended.</summary>
    public static RecommendationRecord Ended(RecommendationRecord record, MigrationRecord migration) => record with
    {
        State = migration.Stage == MigrationStage.Done ? RecommendationState.Done : RecommendationState.Failed,
        SinceMs = migration.EndedMs,
        EndedMs = migration.EndedMs,
        Bytes = migration.Bytes,
        Error = migration.Error,
        Outcome = migration.Stage == MigrationStage.Done && record.Cause == MoveCause.Drain
            ? new MoveOutcome(MoveHelp.Ordered)
            : null,
    };

    /// <summary>The state in words, for refusals.</summary>
    public static string Told(RecommendationRecord record)
    {
        var what = $"recommendation {record.Id} ({Deed(record.Move)})";
        return record.State switch
        {
            RecommendationState.Proposed => $"{what} is proposed",
            RecommendationState.Approved => $"{what} is approved already, until {Time(record.ApprovedUntilMs)}",
            RecommendationState.Vetoed => $"{what} is vetoed already, until {Time(record.VetoedUntilMs)}",
            RecommendationState.Executing => $"{what} is being carried out by migration {record.Migration}",
            RecommendationState.Done => $"{what} was carried out by migration {record.Migration}",
            RecommendationState.Failed => $"{what} failed in migration {record.Migration}",
            _ => $"{what} was approved and ran out at {Time(record.EndedMs)}",
        };
    }

    public static string Deed(ProposedMove move) => move.Kind == MoveKind.LeaderTransfer
        ? $"leadership of shard {move.Shard} from node {move.From} to node {move.To}"
        : $"shard {move.Shard} from node {move.From} to node {move.To}";

    public static string Unknown(long id) =>
        $"recommendation {id} is not known; `ctl recommendations` and `ctl outcomes` list those that are";

    public static string Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static RecommendationRecord? VetoOf(MetaState state, int shard, long nowMs) =>
        state.Recommendations.Values.FirstOrDefault(known => known.Move.Shard == shard && known.IsVetoedAt(nowMs));
}
