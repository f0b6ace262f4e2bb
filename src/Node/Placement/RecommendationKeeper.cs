using System.Collections.Immutable;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>On the controller: matches the rows of a round with what is on record, starts what may start, and has what
/// has ended judged. What must outlive the controller is in the meta group; here is only when a proposal was last
/// seen, which a successor begins anew.</summary>
public sealed class RecommendationKeeper(LoadKeeper loads)
{
    /// <summary>Alternatives that go on record with a move.</summary>
    private const int RejectedKept = 4;

    private readonly OutcomeWatch _outcomes = new(loads);
    private readonly Dictionary<long, long> _lastSeenMs = [];

    /// <summary>Shards that an operator wants to stay.</summary>
    public static ImmutableArray<ShardId> VetoedShards(MetaView view, long nowMs) =>
    [
        .. view.Recommendations.Where(record => record.IsVetoedAt(nowMs))
            .Select(record => new ShardId(record.Move.Shard)).Distinct(),
    ];

    /// <summary>What the planner has proposed and people may be about to approve.</summary>
    public static ImmutableArray<KeptProposal> Kept(MetaView view, long nowMs) =>
    [
        .. view.Recommendations
            .Where(record => record is { IsDrain: false, State: RecommendationState.Proposed }
                || record.IsApprovedAt(nowMs))
            .Select(record => new KeptProposal(
                new ShardId(record.Move.Shard), new NodeId(record.Move.From), new NodeId(record.Move.To),
                record.Move.Kind, record.IsApprovedAt(nowMs))),
    ];

    /// <summary>The open record of a row; null while it has none.</summary>
    public static RecommendationRecord? RecordOf(MetaView view, Recommendation row) =>
        view.Recommendations.FirstOrDefault(record => record.IsOpen && record.Move == ProposedMove.Of(row));

    /// <summary>Whether somebody must approve the row before it starts.</summary>
    public static bool NeedsApproval(BalancingPolicy policy, Recommendation row) =>
        policy.Execution == ExecutionMode.Approve && row.Cause != MoveCause.Drain;

    /// <summary>Whether the row may start when its time comes.</summary>
    public static bool MayStart(BalancingPolicy policy, Recommendation row, RecommendationRecord? record, long nowMs) =>
        row.Cause == MoveCause.Drain || policy.Execution switch
        {
            ExecutionMode.Automatic => true,
            ExecutionMode.Approve => record?.IsApprovedAt(nowMs) == true,
            _ => false,
        };

    /// <summary>No longer the controller.</summary>
    public void Forget() => _lastSeenMs.Clear();

    /// <summary>What the round calls for, in the order to propose it.</summary>
    public IEnumerable<MetaCommand> Due(MetaView view, ControllerRound round)
    {
        if (Changes(view, round) is { } changes)
            yield return changes;
        foreach (var command in Approvals(view, round))
            yield return command;
        foreach (var row in round.Decision.Recommendations)
        {
            var isDue = row.ExecuteAtMs <= round.AtMs && row.ExpiresMs > round.AtMs;
            if (isDue && MayStart(round.Snapshot.Policy, row, RecordOf(view, row), round.AtMs))
                yield return StartOf(row, round);
        }
        foreach (var record in view.Recommendations.Where(IsUnjudged))
        {
            var outcome = _outcomes.Judge(record, view, round.AtMs);
            if (outcome.Help != MoveHelp.CannotTellYet)
                yield return new JudgeRecommendation(record.Id, outcome);
        }
    }

    private static bool IsUnjudged(RecommendationRecord record) =>
        record is { State: RecommendationState.Done, Outcome: null, Expected: not null };

    /// <summary>New rows, and proposals that no round has made for as long as a row holds: a forecast at the edge may
    /// leave one out and come back to it, and it should keep its number then.</summary>
    private NoteProposals? Changes(MetaView view, ControllerRound round)
    {
        var rows = round.Decision.Recommendations;
        var present = rows.Select(ProposedMove.Of).ToHashSet();
        var proposed = view.Recommendations.Where(record => record.State == RecommendationState.Proposed).ToArray();
        var holdsMs = round.Snapshot.Policy.Limits.ExpirySeconds * 1000;
        var gone = new List<long>();
        foreach (var record in proposed)
        {
            var isSeen = _lastSeenMs.TryGetValue(record.Id, out var seenMs);
            if (present.Contains(record.Move) || !isSeen)
                _lastSeenMs[record.Id] = round.AtMs;
            else if (round.AtMs - seenMs > holdsMs)
                gone.Add(record.Id);
        }
        foreach (var id in _lastSeenMs.Keys.Except(proposed.Select(record => record.Id)).ToArray())
            _lastSeenMs.Remove(id);
        var known = view.Recommendations.Where(record => record.IsOpen).Select(record => record.Move).ToHashSet();
        NewProposal[] news =
        [
            .. rows.Where(row => !known.Contains(ProposedMove.Of(row)))
                .Select(row => new NewProposal(ProposedMove.Of(row), row.Cause == MoveCause.Drain)),
        ];
        return news.Length + gone.Count == 0 ? null : new NoteProposals([.. news], [.. gone]);
    }

    /// <summary>An approval holds for the window of the row: where the forecast moves that, it goes along, but not
    /// beyond the horizon it was given in; where it has passed, it is void.</summary>
    private static IEnumerable<MetaCommand> Approvals(MetaView view, ControllerRound round)
    {
        var slackMs = round.Snapshot.Policy.Limits.ExpirySeconds * 500;
        foreach (var record in view.Recommendations.Where(record => record.State == RecommendationState.Approved))
        {
            var row = round.Decision.Recommendations.FirstOrDefault(row => ProposedMove.Of(row) == record.Move);
            var untilMs = Math.Min(row?.ExpiresMs ?? 0, record.ApprovalLatestMs);
            if (!record.IsApprovedAt(round.AtMs))
                yield return new EndApproval(record.Id);
            else if (untilMs >= record.ApprovedUntilMs + slackMs)
                yield return new KeepApproval(record.Id, untilMs);
        }
    }

    private static StartMigration StartOf(Recommendation row, ControllerRound round) => new(
        row.Kind, row.Shard.Value, row.From.Value, row.To.Value, row.Explanation, row.Urgency.Score)
    {
        PolicyVersion = row.PolicyVersion,
        Recommended = new RecommendedStart(
            row.Cause, row.Strategy, round.ForecastOf(row.Shard.Value)?.Method ?? "", row.Expected,
            [.. row.Alternatives.Take(RejectedKept).Select(move => new RejectedTarget(
                move.Shard.Value, move.To.Value, move.Kind, move.Reason))],
            NeedsApproval(round.Snapshot.Policy, row)),
    };
}
