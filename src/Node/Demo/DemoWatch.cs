using ShardStore.Balancer;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Demo;

/// <summary>Looks on while a run goes: every node's CPU samples, and when the controller first proposed to take load
/// off the hot node. Times are seconds of the load.</summary>
internal sealed class DemoWatch(DemoCluster cluster, DemoLoad load, int hotNode)
{
    private readonly Dictionary<int, uint> _seen = [];
    private long _roundMs;
    private double _hotShare;

    public List<CpuSample> Samples { get; } = [];

    /// <summary>Null until then.</summary>
    public DemoNotice? Notice { get; private set; }

    /// <summary>Called often, with the hot node's last share.</summary>
    public Action<double>? Looked { get; init; }

    /// <summary>Which forecaster acted for which shard, as of the last round.</summary>
    public IReadOnlyDictionary<int, string> Methods { get; private set; } = new Dictionary<int, string>();

    /// <summary>Middle of a node's samples of a time. Unit: share of its cores; NaN where there are none.</summary>
    public double MedianShare(int node, double fromS, double toS)
    {
        var shares = Samples.Where(sample => sample.Node == node && sample.AtS > fromS && sample.AtS <= toS)
            .Select(sample => sample.Share).Order().ToArray();
        return shares.Length > 0 ? shares[shares.Length / 2] : double.NaN;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        await using var registration = stop.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            foreach (var node in cluster.Nodes)
                LookAt(node.Identity.Number, node.Telemetry.Node(node.Identity.Number)?.Utilization);
            if (cluster.LatestRound is { } round && round.AtMs != _roundMs)
                LookAt(round);
            Looked?.Invoke(_hotShare);
        }
    }

    private void LookAt(int number, Telemetry.NodeUtilization? known)
    {
        if (known is not { } sample || (_seen.TryGetValue(number, out var last) && last == sample.Sequence))
            return;
        _seen[number] = sample.Sequence;
        _hotShare = number == hotNode ? sample.CpuShare : _hotShare;
        Samples.Add(new CpuSample(load.ElapsedS, number, sample.CpuShare));
    }

    private void LookAt(ControllerRound round)
    {
        _roundMs = round.AtMs;
        Methods = round.Forecasts.Series.ToDictionary(s => (int)s.Id.Value, s => s.Forecast.Method);
        if (Notice is not null || round.Snapshot.Policy.Mode == Balancer.BalancerMode.Off)
            return;
        var row = round.Decision.Recommendations.FirstOrDefault(row => row.From.Value == hotNode);
        if (row is null)
            return;
        double? breachS = row.Cause == MoveCause.ForecastOverload && row.BreachMsP90 is { } breach
            ? load.ElapsedS + ((breach - round.AtMs) / 1000.0)
            : null;
        Notice = new DemoNotice(load.ElapsedS, breachS, row.Explanation);
    }
}
