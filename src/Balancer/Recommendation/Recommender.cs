namespace ShardStore.Balancer;

/// <summary>One round: take the node with the most expected overload, find the best move off it, count that as done,
/// and go on until no node is endangered or nothing more may move. Greedy on purpose: each row must make sense alone,
/// since the cluster may stop after any of them.</summary>
internal sealed class Recommender(Round round)
{
    private readonly List<Recommendation> _rows = [];
    private readonly List<Advice> _advice = [];

    public IReadOnlyList<Recommendation> Rows => _rows;
    public IReadOnlyList<Advice> Advice => _advice;

    /// <summary>The first node that needed relief and got none.</summary>
    public NodeId StuckNode { get; private set; }

    public void AddDrains()
    {
        foreach (var move in DrainPlanner.Plan(round, round.Policy.Limits.RowsMax))
            _rows.Add(move);
    }

    public void AddRelief()
    {
        var sources = new SourceQueue(round);
        while (_rows.Count < round.Policy.Limits.RowsMax && sources.TryFind(out var source, out var risk))
        {
            var search = new CandidateSearch(round, source, risk);
            if (search.FindBest() is not { } best)
                NoteWhy(source, risk, search.MayWait);
            else if (TryPropose(search, best, source, risk))
                continue;
            sources.GiveUp(source);
            if (StuckNode.IsNone)
                StuckNode = round.State.Nodes[source].Id;
        }
    }

    public IEnumerable<Recommendation> Ranked() => _rows
        .OrderByDescending(row => row.Urgency.Score).ThenBy(row => row.Shard).ThenBy(row => row.To);

    private bool TryPropose(CandidateSearch search, ScoredMove best, int source, NodeRisk risk)
    {
        var row = RowBuilder.Build(round, best.Move, risk, search.Alternatives(best));
        if (row.Urgency.Score < round.Policy.Triggers.UrgencyMin)
        {
            round.CountRejection(RejectionReason.BelowUrgency);
            round.NoteRefusal(best.Move, RejectionReason.BelowUrgency);
            return false;
        }
        var isFirstOfSource = !round.IsSource(source);
        _rows.Add(row);
        if (!row.EndsInTime && isFirstOfSource && round.Strategy.MayWait)
            _advice.Add(AdviceRules.ForLate(round, source, risk));
        round.AddProposed(best.Move, row.ExecuteAtMs <= round.NowMs);
        return true;
    }

    private void NoteWhy(int source, NodeRisk risk, bool mayWait)
    {
        // A remote chance of a small overload is no reason to send anyone shopping.
        var danger = 100 * risk.Probability * UrgencyScore.Damage(risk, round.Rules.Threshold);
        if (!mayWait && danger >= round.Policy.Triggers.UrgencyMin)
            _advice.Add(AdviceRules.ForStuck(round, source, risk));
    }
}
