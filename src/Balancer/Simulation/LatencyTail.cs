namespace ShardStore.Balancer.Simulation;

/// <summary>
/// An estimate of the latency of all requests of a run. A node is a queue with random arrivals and service times
/// (M/M/1): its response times are exponential with mean S ÷ (1 − ρ). Near saturation that mean is capped; load beyond
/// capacity waits in a backlog that has to be worked off, and every request waits behind it. It ranks strategies; it is
/// no promise of milliseconds.
/// </summary>
internal sealed class LatencyTail
{
    /// <summary>Mean time of a request on an idle node: network, consensus and sync together. Unit: ms.</summary>
    public const double IdleMs = 0.5;

    /// <summary>Utilization from which on the formula is capped: the backlog tells the rest.</summary>
    public const double UtilizationMax = 0.98;

    private const int Bins = 192;
    private const double FirstMs = 0.5;

    /// <summary>So that the bins reach from half a millisecond to a minute.</summary>
    private static readonly double s_ratio = Math.Pow(60_000 / FirstMs, 1.0 / (Bins - 1));

    private readonly double[] _slower = new double[Bins];
    private double _all;

    public static double MeanMs(double utilization) => IdleMs / (1 - Math.Min(utilization, UtilizationMax));

    /// <summary>99 of 100 requests that a node answers then are faster.</summary>
    public static double Ms99(double utilization, double waitMs) => waitMs + (MeanMs(utilization) * Math.Log(100));

    /// <summary>Share of a node's requests that take longer than so many ms.</summary>
    public static double ShareSlower(double limitMs, double utilization, double waitMs) =>
        limitMs <= waitMs ? 1 : Math.Exp((waitMs - limitMs) / MeanMs(utilization));

    public void Add(double requests, double utilization, double waitMs)
    {
        if (requests <= 0)
        {
            return;
        }

        _all += requests;
        var limit = FirstMs;
        for (var bin = 0; bin < Bins; bin++, limit *= s_ratio)
        {
            var share = ShareSlower(limit, utilization, waitMs);
            if (share < 1e-9)
            {
                break;
            }

            _slower[bin] += requests * share;
        }
    }

    /// <summary>Time that one request in 100 takes longer than; 0 without requests.</summary>
    public double Ms99()
    {
        var target = 0.01 * _all;
        if (_all <= 0)
        {
            return 0;
        }

        var limit = FirstMs;
        for (var bin = 1; bin < Bins; bin++, limit *= s_ratio)
        {
            if (_slower[bin] <= target)
            {
                // Straight in the logarithms of both, as an exponential nearly is between two bins.
                var (above, below) = (Math.Log(_slower[bin - 1]), Math.Log(Math.Max(_slower[bin], 1e-300)));
                var part = above > below ? (above - Math.Log(target)) / (above - below) : 0;
                return limit * Math.Pow(s_ratio, Math.Clamp(part, 0, 1));
            }
        }

        return limit;
    }
}
