namespace ShardStore.Cluster.Tests.Load;

/// <summary>Latencies of one phase of a load. Unit: ms.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private readonly List<double> _ms = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _ms.Count;
        }
    }

    public void Add(TimeSpan took)
    {
        lock (_gate)
            _ms.Add(took.TotalMilliseconds);
    }

    public double Percentile(double percent)
    {
        double[] sorted;
        lock (_gate)
            sorted = [.. _ms.Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    public override string ToString() => FormattableString.Invariant(
        $"{Count} calls, p50 {Percentile(50):0.0} ms, p99 {Percentile(99):0.0} ms, max {Percentile(100):0.0} ms");
}
