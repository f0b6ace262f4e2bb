namespace ShardStore.Node.Demo;

/// <summary>What was measured before the runs, and how many cores each node therefore gets: so many that the hot node
/// would need all of them at the trace's peak, if nothing moved. That is a quarter more than its capacity, and
/// leaves the other nodes room for what it gives away.</summary>
/// <param name="CoresAtStart">CPU of the hot node at the demand of the replay's start.</param>
/// <param name="CoresAtPeak">The same at the peak.</param>
internal sealed record DemoCapacity(double CoresAtStart, double CoresAtPeak)
{
    /// <summary>Peak of the hot node without a move, as a share of its capacity.</summary>
    public const double PeakShare = 1.0;

    private const double CoresMin = 0.05;

    public double Cores { get; } = Math.Max(CoresMin, CoresAtPeak / PeakShare);

    /// <summary>CPU of the hot node at a moment of the load if nothing moved, as a share of its capacity: on the line
    /// through both measurements.</summary>
    public double ShareUnmoved(DemoScript script, double loadSeconds)
    {
        var low = script.NodeRateAt(script.HotNode, script.WarmUpSeconds);
        var high = script.NodeRateAt(script.HotNode, script.PeakAt());
        var part = (script.NodeRateAt(script.HotNode, loadSeconds) - low) / (high - low);
        return (CoresAtStart + ((CoresAtPeak - CoresAtStart) * part)) / Cores;
    }

    /// <summary>When that passes its capacity; null if never.</summary>
    public double? OverloadAt(DemoScript script)
    {
        for (var second = 0.0; second < script.ReplaySeconds; second += 0.5)
        {
            if (ShareUnmoved(script, script.WarmUpSeconds + second) > DemoRunReport.Ceiling)
                return second;
        }
        return null;
    }
}
