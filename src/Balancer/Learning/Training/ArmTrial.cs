using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>One setting kept through a whole run, and what was seen of it interval by interval.</summary>
internal sealed class ArmTrial : ILaneKnobs
{
    private readonly IntervalMeter _meter;
    private readonly ContextReader _reader;
    private readonly List<double[]> _contexts = [];
    private readonly List<ObjectiveParts> _costs = [];
    private long? _sinceMs;

    public ArmTrial(BalancingPolicy policy, KnobArm arm)
    {
        Policy = arm.Knobs.Apply(policy);
        (_meter, _reader) = (new IntervalMeter(policy), new ContextReader(policy));
    }

    public BalancingPolicy Policy { get; }

    /// <summary>At the end of each interval.</summary>
    public IReadOnlyList<double[]> Contexts => _contexts;

    /// <summary>Of each interval, before its context.</summary>
    public IReadOnlyList<ObjectiveParts> Costs => _costs;

    public void Observe(ClusterSnapshot seen, long nowMs)
    {
        _sinceMs ??= nowMs;
        _meter.Observe(seen, nowMs);
        if (nowMs - _sinceMs < KnobTuner.IntervalMs)
        {
            return;
        }

        _costs.Add(_meter.Read());
        _contexts.Add(_reader.Read(seen, nowMs, (nowMs - _sinceMs.Value) / 1000.0));
        _sinceMs = nowMs;
    }
}
