using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>
/// What both runs replay: the trace's window, laid over the shards. A trace of one series is the demand on one hot
/// shard, over an even background on all; a column of a wide one is the demand on one shard. Shard i is first led by
/// node i, the nodes taking turns, which is how a fresh cluster is laid out.
/// </summary>
internal sealed record DemoScript
{
    /// <summary>The trace is scaled so that what the hot node leads asks for that much at the window's peak, without
    /// the background. Unit: requests per second.</summary>
    private const double PeakRate = 100;

    /// <summary>Under a trace of one series, on what each node leads together. Unit: requests per second.</summary>
    private const double BackgroundRate = 48;

    /// <summary>Replayed ahead of the window, while nothing may move yet: the nodes warm up and the controller learns
    /// what a request costs. Unit: steps.</summary>
    public const int WarmUpSteps = 4;

    private const int ShardsANode = 4;

    /// <summary>Of a single series: not the first node, which also leads the meta group.</summary>
    private const int HotShardOfOne = 3;

    public required TraceFile Trace { get; init; }
    public required ReplayWindow Window { get; init; }
    public required int Nodes { get; init; }
    public required int Shards { get; init; }
    public required int HotShard { get; init; }
    public required int StepSeconds { get; init; }
    public required int SeasonSteps { get; init; }
    public required double Speed { get; init; }

    /// <summary>Of every shard. Unit: requests per second.</summary>
    public required double Background { get; init; }

    /// <summary>Requests per second for one unit of the trace.</summary>
    public required double Scale { get; init; }

    public int HotNode => LeaderOf(HotShard);

    /// <summary>Where the load begins in the trace. Unit: points.</summary>
    public int FirstPoint => Window.First - WarmUpSteps;

    public double WarmUpSeconds => WarmUpSteps * StepSeconds;
    public double ReplaySeconds => Window.Steps * StepSeconds;
    private bool IsWide => Trace.Columns.Count > 1;

    /// <exception cref="TraceFormatException">The trace does not fit the options; the text says why.</exception>
    public static DemoScript Of(TraceFile trace, DemoOptions options)
    {
        var clock = TraceClock.Of(trace, options.Speed);
        var steps = Math.Max(6, options.Seconds / clock.StepSeconds);
        var isWide = trace.Columns.Count > 1;
        var (column, window) = Hottest(trace, options.Nodes, steps);
        if (isWide && options.Shards is { } given && given != trace.Columns.Count)
        {
            throw new TraceFormatException(
                $"trace has {trace.Columns.Count} columns, one a shard; --shards {given} does not fit");
        }
        var shards = isWide ? trace.Columns.Count : options.Shards ?? options.Nodes * ShardsANode;
        var script = new DemoScript
        {
            Trace = trace,
            Window = window,
            Nodes = options.Nodes,
            Shards = shards,
            HotShard = isWide ? column + 1 : Math.Min(HotShardOfOne, Math.Min(shards, options.Nodes)),
            StepSeconds = clock.StepSeconds,
            SeasonSteps = clock.SeasonSteps,
            Speed = clock.Speed,
            Background = isWide ? 0 : BackgroundRate * options.Nodes / shards,
            Scale = 1,
        };
        var peak = Enumerable.Range(window.First, window.Steps).Max(point => script.TraceRate(script.HotNode, point));
        return script with { Scale = PeakRate / peak };
    }

    public int LeaderOf(int shard) => ((shard - 1) % Nodes) + 1;

    /// <summary>Demand on a shard around a point of the trace. Unit: requests per second.</summary>
    public double RateOf(int shard, int point)
    {
        var column = IsWide ? shard - 1 : shard == HotShard ? 0 : -1;
        return Background + (column < 0 ? 0 : Trace.Values[column][point] * Scale);
    }

    /// <summary>The same at a time of the load. A point stands in the middle of its step, with straight lines between
    /// the middles, so that the mean over a step is close to the point.</summary>
    public double RateAt(int shard, double loadSeconds)
    {
        var place = Math.Max(0, FirstPoint + (loadSeconds / StepSeconds) - 0.5);
        var point = Math.Min((int)place, Trace.TimesS.Count - 2);
        var share = Math.Clamp(place - point, 0, 1);
        return (RateOf(shard, point) * (1 - share)) + (RateOf(shard, point + 1) * share);
    }

    /// <summary>Of all shards that a node leads at first.</summary>
    public double NodeRateAt(int node, double loadSeconds) =>
        Enumerable.Range(1, Shards).Where(shard => LeaderOf(shard) == node).Sum(shard => RateAt(shard, loadSeconds));

    /// <summary>When the hot node's first shards ask for most. Unit: seconds of the load.</summary>
    public double PeakAt() => Enumerable.Range(0, (int)ReplaySeconds)
        .Select(second => WarmUpSeconds + second).MaxBy(second => NodeRateAt(HotNode, second));

    private double TraceRate(int node, int point) => Enumerable.Range(1, Shards)
        .Where(shard => LeaderOf(shard) == node).Sum(shard => RateOf(shard, point) - Background);

    private static (int Column, ReplayWindow Window) Hottest(TraceFile trace, int nodes, int steps)
    {
        ReplayWindow? best = null;
        var bestNode = 0;
        for (var node = 0; node < Math.Min(nodes, trace.Columns.Count); node++)
        {
            var found = ReplayWindow.Find(SumOf(trace, node, nodes), steps, WarmUpSteps);
            if (found is { } window && (best is null || window.Rise > best.Value.Rise))
                (best, bestNode) = (window, node);
        }
        if (best is not { } chosen)
            throw new TraceFormatException($"trace has {trace.TimesS.Count} points; a replay of {steps} needs at least "
                + $"{MinimumPoints(steps)}");
        if (chosen.Rise <= 0)
            throw new TraceFormatException("trace never rises in its last two fifths: no overload can be foreseen");
        return (ColumnsOf(trace, bestNode, nodes).MaxBy(column => RiseOf(trace.Values[column], chosen)), chosen);
    }

    private static int MinimumPoints(int steps) => (int)Math.Ceiling(Math.Max(WarmUpSteps + steps, steps / 0.4)) + 1;

    private static IEnumerable<int> ColumnsOf(TraceFile trace, int node, int nodes) =>
        Enumerable.Range(0, trace.Columns.Count).Where(column => column % nodes == node);

    private static double[] SumOf(TraceFile trace, int node, int nodes)
    {
        var columns = ColumnsOf(trace, node, nodes).ToArray();
        return [.. Enumerable.Range(0, trace.TimesS.Count).Select(point => columns.Sum(c => trace.Values[c][point]))];
    }

    private static double RiseOf(double[] column, ReplayWindow window) =>
        ReplayWindow.Find(column.AsSpan(0, window.First + window.Steps), window.Steps, window.First)?.Rise ?? 0;
}
