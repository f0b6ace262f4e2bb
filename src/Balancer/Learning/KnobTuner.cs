using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning;

/// <summary>Turns the knobs of one cluster: looks at every snapshot, and each quarter of an hour settles what the last
/// one cost, asks the agent, and lets the guard decide whose values are in force. Owned by one caller at a time.
/// </summary>
public sealed class KnobTuner : ILaneKnobs
{
    /// <summary>Between two choices: moves take minutes, and so does their effect. Unit: ms.</summary>
    public const long IntervalMs = 900_000;

    private readonly LearnedAgent _agent;
    private readonly BalancingPolicy _policy;
    private readonly IReadOnlyList<BalancingPolicy> _tuned;
    private readonly IntervalMeter _meter;
    private readonly ContextReader _reader;
    private double[]? _context;
    private long _sinceMs;

    /// <param name="agent">Checked by <see cref="AgentDocument"/>.</param>
    /// <param name="policy">In force, as its owner wrote it. Only if it says live, the agent has its way.</param>
    /// <param name="state">New, or as it was before.</param>
    public KnobTuner(LearnedAgent agent, BalancingPolicy policy, LearningState state)
    {
        (_agent, _policy, State) = (agent, policy, state);
        _tuned = [.. agent.Arms.Select(name => KnobArm.All.First(arm => arm.Name == name).Knobs.Apply(policy))];
        _meter = new IntervalMeter(policy);
        _reader = new ContextReader(policy);
    }

    /// <summary>What to plan with now.</summary>
    public BalancingPolicy Policy => Hand == KnobHand.Agent ? _tuned[Choice.Arm] : _policy;

    public KnobHand Hand => _policy.Learning == LearningMode.Live ? State.Guard.Hand : KnobHand.OwnInShadow;

    public LearningState State { get; private set; }

    /// <summary>Of the last choice.</summary>
    public string ArmName => _agent.Arms[Choice.Arm];

    public ArmChoice Choice { get; private set; } = new(0, default, -1);

    /// <summary>The last choice in a sentence; empty before the first.</summary>
    public string Explanation { get; private set; } = "";

    /// <summary>To be told every snapshot that a decision was made from.</summary>
    public void Observe(ClusterSnapshot seen, long nowMs)
    {
        if (_context is null && _sinceMs == 0)
        {
            _sinceMs = nowMs;
        }

        _meter.Observe(seen, nowMs);
        if (nowMs - _sinceMs < IntervalMs)
        {
            return;
        }

        var cost = _meter.Read().Points(_policy.Weights) / seen.Nodes.Length;
        if (_context is { } before)
        {
            Settle(cost, Math.Max(0, _agent.OwnCost.At(_agent.Scale.Apply(before)).Points(_policy.Weights)));
        }

        _context = _reader.Read(seen, nowMs, (nowMs - _sinceMs) / 1000.0);
        _sinceMs = nowMs;
        Choice = _agent.Choose(_context, _policy.Weights, State, Choice.Arm);
        Explanation = ChoiceText.Of(_agent, Choice, Hand, _policy);
    }

    private void Settle(double cost, double expected)
    {
        var hand = Hand;
        if (hand == KnobHand.Agent && Choice.Arm > 0)
        {
            State = State.With(
                _agent.Arms[Choice.Arm], cost, State.Guard.Factor * expected, Choice.Estimate.Change);
        }

        State = State with { Guard = State.Guard.After(cost, expected, hand) };
    }
}
