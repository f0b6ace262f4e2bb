using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>What one run brought. Times are seconds of the replay; what came before it is not counted, except in the
/// fingerprint of the load.</summary>
public sealed record DemoRunReport
{
    /// <summary>The ceiling that the policy asks no node to pass.</summary>
    public static readonly double Ceiling = ShardStore.Balancer.BalancingPolicy.Default.Triggers.Threshold;

    public required string Balancer { get; init; }

    /// <summary>Requests of the whole load, and a number that is the same only for the same requests at the same
    /// times.</summary>
    public required long Requests { get; init; }

    public required string LoadFingerprint { get; init; }

    /// <summary>Seconds, summed over all nodes, in which a node used more CPU than its capacity.</summary>
    public required int OverCapacityS { get; init; }

    /// <summary>The same for the policy's ceiling.</summary>
    public required int OverCeilingS { get; init; }

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

    public required long Errors { get; init; }
    public required IReadOnlyDictionary<string, long> ErrorsByText { get; init; }

    /// <summary>Which forecaster acted for the hot shard at the end.</summary>
    public required string Forecaster { get; init; }

    /// <summary>CPU of each node, second by second, as a share of its capacity; NaN where no sample came.</summary>
    public required IReadOnlyList<double[]> CpuShareByNode { get; init; }

    internal static DemoRunReport Of(
        Balancer.BalancerMode mode, DemoScript script, (DemoLoad Load, DemoWatch Watch) run, DemoMove[] moves)
    {
        var (load, watch) = run;
        var from = (int)script.WarmUpSeconds;
        var samples = watch.Samples.Select(sample => sample with { AtS = sample.AtS - script.WarmUpSeconds })
            .Where(sample => sample.AtS > 0 && sample.AtS <= script.ReplaySeconds).ToArray();
        var hot = samples.Where(sample => sample.Node == script.HotNode && sample.Share > 1).ToArray();
        var seconds = (int)script.ReplaySeconds;
        return new DemoRunReport
        {
            Balancer = mode.ToString().ToLowerInvariant(),
            Requests = load.Traffic.Offered,
            LoadFingerprint = load.Traffic.Fingerprint.ToString("x16"),
            OverCapacityS = samples.Count(sample => sample.Share > 1),
            OverCeilingS = samples.Count(sample => sample.Share > Ceiling),
            HotNodeOverCapacityS = hot.Length,
            FirstOverS = hot.Length > 0 ? hot[0].AtS : null,
            Notice = watch.Notice is { } notice
                ? notice with { AtS = notice.AtS - from, OverloadS = notice.OverloadS - from }
                : null,
            Moves = moves,
            Latency = load.Traffic.Between(from, from + seconds),
            WorstSecondMsP99 = Enumerable.Range(from, seconds).Max(s => load.Traffic.Between(s, s + 1).MsP99),
            Errors = load.FailedFrom(from),
            ErrorsByText = new SortedDictionary<string, long>(load.Traffic.Tally.ErrorsByText.ToDictionary()),
            Forecaster = watch.Methods.GetValueOrDefault(script.HotShard, "none"),
            CpuShareByNode = [.. Enumerable.Range(1, script.Nodes).Select(node => BySecond(samples, node, seconds))],
        };
    }

    private static double[] BySecond(CpuSample[] samples, int node, int seconds)
    {
        var shares = new double[seconds];
        Array.Fill(shares, double.NaN);
        foreach (var sample in samples.Where(sample => sample.Node == node))
            shares[Math.Clamp((int)sample.AtS, 0, seconds - 1)] = sample.Share;
        return shares;
    }
}
