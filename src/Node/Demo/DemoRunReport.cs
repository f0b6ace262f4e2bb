using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>What one run brought. Times are seconds of the replay; what came before it is not counted, except in the
/// fingerprint of the load.</summary>
public sealed record DemoRunReport
{
    /// <summary>A node's capacity, as a share of its cores: above it queues grow faster than load.</summary>
    public const double Ceiling = 0.8;

    /// <summary>No node of the demo makes a request wait that long. Unit: milliseconds.</summary>
    public const double LateMs = 1000;

    public required string Balancer { get; init; }

    /// <summary>Requests of the whole load, and a number that is the same only for the same requests at the same
    /// times.</summary>
    public required long Requests { get; init; }

    public required string LoadFingerprint { get; init; }

    /// <summary>Cores of each node, calibrated before both runs: so many that the hot node would need all of them
    /// at the peak if nothing moved.</summary>
    public required double CapacityCores { get; init; }

    /// <summary>What <see cref="StartShare"/> should be by the calibration, as a share of its cores.</summary>
    public required double CalibratedStartShare { get; init; }

    /// <summary>When the hot node would pass its capacity if nothing moved; null if never. Unit: seconds of the replay.
    /// </summary>
    public required double? OverloadS { get; init; }

    /// <summary>CPU of the hot node if nothing moved, second by second, as a share of its cores.</summary>
    public required IReadOnlyList<double> HotNodeUnmoved { get; init; }

    /// <summary>CPU of the hot node as a share of its cores, at the end of the warm-up: nothing has moved, so it is
    /// the same in both runs if the machine is.</summary>
    public required double StartShare { get; init; }

    /// <summary>Seconds, summed over all nodes, in which a node used more CPU than its capacity. Each second counts as
    /// the median of itself and its neighbours: one alone is this machine's noise.</summary>
    public required int OverCapacityS { get; init; }

    /// <summary>The same for all of a node's cores.</summary>
    public required int OverAllS { get; init; }

    /// <summary>The hot node's part of <see cref="OverCapacityS"/>.</summary>
    public required int HotNodeOverCapacityS { get; init; }

    /// <summary>First second of the hot node over its capacity; null if never.</summary>
    public required double? FirstOverS { get; init; }

    /// <summary>When the controller first wanted to relieve the hot node; null if never.</summary>
    public required DemoNotice? Notice { get; init; }

    public required IReadOnlyList<DemoMove> Moves { get; init; }
    public required LatencySummary Latency { get; init; }

    /// <summary>The p99 of the second in which it was highest. Unit: milliseconds.</summary>
    public required double WorstSecondMsP99 { get; init; }

    /// <summary>Seconds whose p99 was above <see cref="LateMs"/>: then the machine, not a node, was too busy.</summary>
    public required int LateS { get; init; }

    public required long Errors { get; init; }
    public required IReadOnlyDictionary<string, long> ErrorsByText { get; init; }

    /// <summary>Which forecaster acted for the hot shard at the end.</summary>
    public required string Forecaster { get; init; }

    /// <summary>CPU of each node, second by second, as a share of its cores; NaN where no sample came.</summary>
    public required IReadOnlyList<double[]> CpuShareByNode { get; init; }

    internal static DemoRunReport Of(
        Balancer.BalancerMode mode, (DemoScript, DemoCapacity) asked, (DemoLoad Load, DemoWatch Watch) run,
        DemoMove[] moves)
    {
        var (script, capacity) = asked;
        var (load, watch) = run;
        var from = (int)script.WarmUpSeconds;
        var seconds = (int)script.ReplaySeconds;
        var raw = Enumerable.Range(1, script.Nodes).Select(node => BySecond(script, watch, node)).ToArray();
        var shares = Array.ConvertAll(raw, Smooth);
        var hot = shares[script.HotNode - 1];
        var firstOver = Array.FindIndex(hot, share => share > Ceiling);
        var latencies = Enumerable.Range(from, seconds).Select(s => load.Traffic.Between(s, s + 1).MsP99).ToArray();
        return new DemoRunReport
        {
            Balancer = mode.ToString().ToLowerInvariant(),
            Requests = load.Traffic.Offered,
            LoadFingerprint = load.Traffic.Fingerprint.ToString("x16"),
            CapacityCores = capacity.Cores,
            CalibratedStartShare = Enumerable.Range(from / 2, from - (from / 2))
                .Average(second => capacity.ShareUnmoved(script, second + 0.5)),
            OverloadS = capacity.OverloadAt(script),
            HotNodeUnmoved =
                [.. Enumerable.Range(from, seconds).Select(second => capacity.ShareUnmoved(script, second + 0.5))],
            StartShare = watch.MedianShare(script.HotNode, script.WarmUpSeconds / 2, script.WarmUpSeconds),
            OverCapacityS = shares.Sum(node => node.Count(share => share > Ceiling)),
            OverAllS = shares.Sum(node => node.Count(share => share > 1)),
            HotNodeOverCapacityS = hot.Count(share => share > Ceiling),
            FirstOverS = firstOver >= 0 ? firstOver : null,
            Notice = watch.Notice is { } notice
                ? notice with { AtS = notice.AtS - from, OverloadS = notice.OverloadS - from }
                : null,
            Moves = moves,
            Latency = load.Traffic.Between(from, from + seconds),
            WorstSecondMsP99 = latencies.Max(),
            LateS = latencies.Count(ms => ms > LateMs),
            Errors = load.FailedFrom(from),
            ErrorsByText = new SortedDictionary<string, long>(load.Traffic.Tally.ErrorsByText.ToDictionary()),
            Forecaster = watch.Methods.GetValueOrDefault(script.HotShard, "none"),
            CpuShareByNode = raw,
        };
    }

    private static double[] BySecond(DemoScript script, DemoWatch watch, int node)
    {
        var shares = new double[(int)script.ReplaySeconds];
        Array.Fill(shares, double.NaN);
        foreach (var sample in watch.Samples.Where(sample => sample.Node == node))
        {
            var second = (int)Math.Floor(sample.AtS - script.WarmUpSeconds);
            if (second >= 0 && second < shares.Length)
                shares[second] = sample.Share;
        }
        return shares;
    }

    /// <summary>A second without a sample has the neighbours' to go by.</summary>
    private static double[] Smooth(double[] shares)
    {
        var smooth = new double[shares.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            var near = shares[Math.Max(0, i - 1)..Math.Min(shares.Length, i + 2)]
                .Where(double.IsFinite).Order().ToArray();
            smooth[i] = near.Length > 0 ? near[(near.Length - 1) / 2] : double.NaN;
        }
        return smooth;
    }
}
