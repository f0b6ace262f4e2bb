namespace ShardStore.Balancer.Learning;

/// <summary>
/// Takes an agent out of force while it costs more than the policy's own values would. Those are not to be had at the
/// same time on the same cluster, so they are estimated: by the trained model of their cost in the context of each
/// interval, corrected by what they really cost in the intervals in which they are in force (a ratio estimator with
/// the model as auxiliary; Cochran 1977, "Sampling Techniques", ch. 6). Some epochs are kept for them on purpose.
/// </summary>
public sealed record LearningGuard
{
    /// <summary>Intervals in a row with the same hand on the knobs: moves of one show in the load of the next.
    /// </summary>
    public const int EpochIntervals = 4;

    /// <summary>Of so many epochs the first belongs to the policy's own values.</summary>
    public const int EpochsPerOwn = 8;

    /// <summary>First time out of force. Doubles each time, up to a week. Unit: intervals.</summary>
    public const int OutIntervalsMin = 16;
    private const int OutIntervalsMax = 672;

    /// <summary>Weight that an interval keeps for the next one: what counts is about the last day.</summary>
    private const double Kept = 0.985;

    /// <summary>Intervals' worth of faith in the model before anything was seen.</summary>
    private const double ModelWorth = 1;

    /// <summary>Intervals of the agent before it is judged: the fourth, since each keeps less than the next.</summary>
    private const double JudgedFrom = 3.5;

    /// <summary>Excess over the expected cost that is let pass as chance, as a share of it.</summary>
    private const double Margin = 0.25;

    /// <summary>The same in points a node, times the root of the intervals, as chance adds up: where nothing costs
    /// anything, a share of it is nothing.</summary>
    private const double MarginPoints = 8;

    private const double Nothing = 1e-9;

    /// <summary>What the agent's intervals cost, older ones counting less. Unit: points a node.</summary>
    public double AgentCost { get; init; }

    /// <summary>What the model expected of the policy's own values in them.</summary>
    public double AgentExpected { get; init; }

    public double AgentIntervals { get; init; }

    /// <summary>The same of the intervals in which the policy's own values were in force.</summary>
    public double OwnCost { get; init; }

    public double OwnExpected { get; init; }

    public double OwnIntervals { get; init; }

    /// <summary>Since the guard began.</summary>
    public long Intervals { get; init; }

    /// <summary>The agent is out of force until then.</summary>
    public long OutUntil { get; init; }

    /// <summary>Times that the agent was taken out of force.</summary>
    public int Falls { get; init; }

    /// <summary>Whose values are in force in the interval that begins now.</summary>
    public KnobHand Hand => Intervals < OutUntil ? KnobHand.OwnAfterFall
        : Intervals / EpochIntervals % EpochsPerOwn == 0 ? KnobHand.OwnForComparison
        : KnobHand.Agent;

    /// <summary>What the policy's own values cost here over what the model expects of them.</summary>
    public double Factor
    {
        get
        {
            var mean = (AgentExpected + OwnExpected) / Math.Max(1, AgentIntervals + OwnIntervals);
            var faith = Math.Max(Nothing, ModelWorth * mean);
            return (OwnCost + faith) / (OwnExpected + faith);
        }
    }

    /// <summary>What the policy's own values would have cost in the agent's intervals.</summary>
    public double Expected => Factor * AgentExpected;

    private bool IsWorse => AgentCost
        > ((1 + Margin) * Expected) + (MarginPoints * Math.Sqrt(Math.Max(1, AgentIntervals)));

    /// <summary>The guard after an interval.</summary>
    /// <param name="cost">Points a node that it cost.</param>
    /// <param name="expected">What the model expects of the policy's own values in its context.</param>
    /// <param name="hand">Whose values were in force.</param>
    public LearningGuard After(double cost, double expected, KnobHand hand)
    {
        var (agent, own) = hand == KnobHand.Agent ? (1, 0) : (0, 1);
        var next = this with
        {
            AgentCost = (Kept * AgentCost) + (agent * cost),
            AgentExpected = (Kept * AgentExpected) + (agent * expected),
            AgentIntervals = (Kept * AgentIntervals) + agent,
            OwnCost = (Kept * OwnCost) + (own * cost),
            OwnExpected = (Kept * OwnExpected) + (own * expected),
            OwnIntervals = (Kept * OwnIntervals) + own,
            Intervals = Intervals + 1,
        };
        return agent == 1 && next.AgentIntervals >= JudgedFrom && next.IsWorse ? next.Fallen() : next;
    }

    /// <summary>The agent is given another chance later, and less and less often.</summary>
    private LearningGuard Fallen() => this with
    {
        AgentCost = 0,
        AgentExpected = 0,
        AgentIntervals = 0,
        Falls = Falls + 1,
        OutUntil = Intervals + Math.Min((long)OutIntervalsMin << Math.Min(Falls, 16), OutIntervalsMax),
    };
}

/// <summary>Who set the knobs that are in force.</summary>
public enum KnobHand : byte
{
    Agent = 1,
    /// <summary>The policy's own values, so that there is something to compare with.</summary>
    OwnForComparison = 2,
    /// <summary>The policy's own values, since the agent did worse.</summary>
    OwnAfterFall = 3,
    /// <summary>The policy's own values, since the policy has not made the agent live.</summary>
    OwnInShadow = 4,
}
