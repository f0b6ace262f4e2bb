namespace ShardStore.Balancer.Simulation;

/// <summary>A move on a timeline. Nodes by index from 0.</summary>
/// <param name="Hours">Of its start, since scoring began.</param>
public readonly record struct MoveMark(double Hours, int From, int To, MoveKind Kind);

/// <summary>How a run went, to be drawn: the highest utilization of every node in equal spans of time, and the moves.
/// </summary>
public sealed class SimulationTimeline
{
    private const int SpansMax = 240;

    private readonly int _ticksPerSpan;
    private readonly float[][] _loads;
    private readonly List<MoveMark> _moves = [];
    private readonly double _tickHours;

    internal SimulationTimeline(int nodes, int ticks, double tickSeconds)
    {
        _ticksPerSpan = Math.Max(1, (ticks + SpansMax - 1) / SpansMax);
        var spans = (ticks + _ticksPerSpan - 1) / _ticksPerSpan;
        _loads = [.. Enumerable.Range(0, nodes).Select(_ => new float[spans])];
        _tickHours = tickSeconds / 3600;
        Hours = ticks * _tickHours;
    }

    public double Hours { get; }

    /// <summary>By node, then span; fractions of capacity.</summary>
    public IReadOnlyList<IReadOnlyList<float>> Loads => _loads;

    public IReadOnlyList<MoveMark> Moves => _moves;

    internal void Add(int node, int tick, double utilization)
    {
        ref var load = ref _loads[node][tick / _ticksPerSpan];
        load = Math.Max(load, (float)utilization);
    }

    internal void Add(Recommendation row, int tick) =>
        _moves.Add(new MoveMark(tick * _tickHours, row.From.Value - 1, row.To.Value - 1, row.Kind));
}
