namespace ShardStore.Balancer;

/// <summary>How urgent a move is, in points that add up: risk (probability × damage), the same growing as the slack
/// runs out, less what the transfer costs and what clients feel. The policy's weights scale the terms; only their
/// ratios matter.</summary>
internal static class UrgencyScore
{
    private const double RiskPointsMax = 60;
    private const double SlackPointsMax = 40;
    private const double TransferPointsMax = 15;
    private const double ClientPointsMax = 15;
    private const double DrainPoints = 40;

    /// <summary>A shard with a fifth of the cluster's traffic costs all client points.</summary>
    private const double TrafficShareFactor = 5;

    /// <summary>A leader transfer holds requests for a moment; it does not load the nodes for minutes.</summary>
    private const double LeaderTransferFactor = 0.2;

    public static Urgency Of(Round round, MoveCandidate move, NodeRisk risk, MoveSchedule schedule, TransferCost cost)
    {
        var weights = Normalised(round.Policy.Weights);
        var horizonSeconds = round.Policy.Triggers.HorizonMinutes * 60;
        var damage = Damage(risk, round.Rules.Threshold);
        var slackSeconds = ((schedule.DeadlineMs ?? round.NowMs) - round.NowMs) / 1000.0;
        var pressure = 1 - Math.Clamp(slackSeconds / horizonSeconds, 0, 1);
        var danger = risk.Probability * damage * weights.Availability;
        return Total(new Urgency
        {
            OverloadProbability = risk.Probability,
            Damage = damage,
            RiskPoints = RiskPointsMax * danger,
            SlackPoints = SlackPointsMax * danger * pressure,
            TransferPoints = TransferPoints(move, cost, horizonSeconds) * weights.Cost,
            ClientPoints = ClientPoints(round, move, schedule.Impact) * weights.Performance,
        });
    }

    public static Urgency OfDrain(Round round, MoveCandidate move, MoveSchedule schedule, TransferCost cost)
    {
        var weights = Normalised(round.Policy.Weights);
        return Total(new Urgency
        {
            DrainPoints = DrainPoints,
            TransferPoints = TransferPoints(move, cost, round.Policy.Triggers.HorizonMinutes * 60) * weights.Cost,
            ClientPoints = ClientPoints(round, move, schedule.Impact) * weights.Performance,
        });
    }

    /// <summary>Up to just over the threshold half the damage, a full node all of it.</summary>
    public static double Damage(NodeRisk risk, double threshold)
    {
        var room = Math.Max(0.05, 1 - threshold);
        return 0.5 + (0.5 * Math.Clamp((risk.PeakAct - threshold) / room, 0, 1));
    }

    private static double TransferPoints(MoveCandidate move, TransferCost cost, double horizonSeconds) =>
        move.Kind == MoveKind.LeaderTransfer ? 0 : -TransferPointsMax * Math.Min(1, cost.Seconds / horizonSeconds);

    private static double ClientPoints(Round round, MoveCandidate move, ClientImpact impact)
    {
        var share = round.ClusterOps > 0
            ? round.State.Shards[move.Shard].Demand.OpsPerSecond / round.ClusterOps : 0;
        var felt = Math.Min(1, share * TrafficShareFactor) * Math.Min(1, impact.RelativeTraffic);
        return -ClientPointsMax * felt * (move.Kind == MoveKind.LeaderTransfer ? LeaderTransferFactor : 1);
    }

    private static ObjectiveWeights Normalised(ObjectiveWeights weights)
    {
        var mean = (weights.Availability + weights.Performance + weights.Cost) / 3;
        return mean <= 0 ? weights : new ObjectiveWeights
        {
            Availability = weights.Availability / mean,
            Performance = weights.Performance / mean,
            Cost = weights.Cost / mean,
        };
    }

    private static Urgency Total(Urgency terms) => terms with
    {
        Score = Math.Clamp(
            terms.DrainPoints + terms.RiskPoints + terms.SlackPoints + terms.TransferPoints + terms.ClientPoints,
            0, 100),
    };
}
