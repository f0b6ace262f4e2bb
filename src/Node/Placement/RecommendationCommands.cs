using System.Collections.Immutable;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>A proposal to be numbered. <paramref name="IsDrain"/>: part of a drain, which an operator ordered.
/// </summary>
public sealed record NewProposal(ProposedMove Move, bool IsDrain);

/// <summary>The planner's list has changed: rows that have no number get one, and proposals that it has not made for a
/// while are forgotten. What was approved, or has begun, is not touched.</summary>
public sealed record NoteProposals(ImmutableArray<NewProposal> New, ImmutableArray<long> Gone) : MetaCommand;

/// <summary>Lets a proposal start. Void after <paramref name="UntilMs"/>, the end of its window; no refresh of it moves
/// that beyond <paramref name="LatestMs"/>.</summary>
public sealed record ApproveRecommendation(long Id, long UntilMs, long LatestMs) : MetaCommand;

/// <summary>The window of an approved proposal has moved, since the forecast has: the approval goes along.</summary>
public sealed record KeepApproval(long Id, long UntilMs) : MetaCommand;

/// <summary>An approval whose time has passed is void.</summary>
public sealed record EndApproval(long Id) : MetaCommand;

/// <summary>No move of the proposal's shard is proposed for that long.</summary>
public sealed record VetoRecommendation(long Id, int Minutes) : MetaCommand;

/// <summary>What came of a move that has ended.</summary>
public sealed record JudgeRecommendation(long Id, MoveOutcome Outcome) : MetaCommand;

/// <summary>What a recommendation brings along when it starts, for the record.</summary>
/// <param name="Cause">Why the planner wanted it.</param>
/// <param name="Strategy">Which balancer did.</param>
/// <param name="ForecastMethod">Who forecast the demand of the shard; empty: nobody.</param>
/// <param name="Expected">What it forecast.</param>
/// <param name="Rejected">What it weighed beside it.</param>
/// <param name="NeedsApproval">True where the policy says that somebody must have approved it.</param>
public sealed record RecommendedStart(
    MoveCause Cause, string Strategy, string ForecastMethod, MoveExpectation Expected,
    ImmutableArray<RejectedTarget> Rejected, bool NeedsApproval);

/// <summary>A move that was weighed and not taken; node 0 = any.</summary>
public readonly record struct RejectedTarget(int Shard, int To, MoveKind Kind, RejectionReason Reason);
