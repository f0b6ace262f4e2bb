using System.Diagnostics;
using ShardStore.Balancer;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>One run: a fresh cluster that is told the time before, the load of the plan, one balancer.</summary>
/// <param name="plan">What is replayed.</param>
/// <param name="start">Starts the cluster.</param>
/// <param name="output">Gets a line a stage.</param>
internal sealed class CompareRun(
    ComparePlan plan, Func<CompareShape, Task<CompareCluster>> start, TextWriter output)
{
    /// <summary>Before the load begins on a boundary of steps: for its first requests to be made.</summary>
    private const long AheadMs = 500;

    private const double ReportEverySeconds = 15;

    // As the admin API spells them.
    private const string Done = "Done";
    private const string LeaderTransfer = "leaderTransfer";

    /// <summary>The last seconds are told a moment after they are over.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _time = new();
    private ReplayMarks _began;
    private ReplayMarks _ended;

    public static CompareShape ShapeOf(ComparePlan plan) => new(
        plan.Script.Nodes, plan.Script.Shards, plan.CapacityCores, plan.Script.StepSeconds, plan.Script.SeasonSteps);

    public async Task<RunFigures> RunAsync(BalancerMode mode)
    {
        _time.Restart();
        await using var cluster = await start(ShapeOf(plan));
        using var load = new CompareLoad(cluster.Endpoints, plan.Load);
        await load.SeedAsync();
        Say(mode, "cluster up, keys set");
        var beganMs = StepAfter(NowMs() + AheadMs, plan.Script.StepSeconds);
        load.BeginIn(TimeSpan.FromMilliseconds(beganMs - NowMs()));
        var use = new NodeUse(cluster.NodeApis);
        using var over = new CancellationTokenSource();
        var (watching, loading) = (use.RunAsync(over.Token), load.RunAsync(over.Token));
        try
        {
            await ConductAsync(mode, cluster, load, (use, beganMs));
            await loading;
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
        await Waiting.LastAsync(Afterwards);
        await use.ReadAsync();
        var (moves, forecasts) = (await cluster.Api.MigrationsAsync(), await cluster.Api.ForecastsAsync());
        return FiguresOf(mode, load, (use, beganMs), (moves, forecasts));
    }

    /// <summary>First boundary of steps at or behind a moment.</summary>
    public static long StepAfter(long unixMs, int stepSeconds)
    {
        var stepMs = stepSeconds * 1000L;
        return (unixMs + stepMs - 1) / stepMs * stepMs;
    }

    private async Task ConductAsync(
        BalancerMode mode, CompareCluster cluster, CompareLoad load, (NodeUse Use, long BeganMs) run)
    {
        await ReachAsync(load, 0);
        await cluster.ImportAsync(plan.HistoryText(run.BeganMs));
        Say(mode, "load runs, history imported");
        await ReachAsync(load, plan.LeadInSeconds);
        cluster.LimitCpu(plan.CapacityCores);
        await ReachAsync(load, plan.ReplayAt);
        await cluster.SetPolicyAsync(DemoPolicy.Of(mode, plan.Script.StepSeconds));
        _began = await ReplayMarks.NowAsync(cluster);
        for (var at = plan.ReplayAt; at < plan.Seconds; at += ReportEverySeconds)
        {
            await ReachAsync(load, Math.Min(at + ReportEverySeconds, plan.Seconds));
            Say(mode, Progress(load, run));
        }
        _ended = await ReplayMarks.NowAsync(cluster);
    }

    private static Task ReachAsync(CompareLoad load, double seconds) =>
        Waiting.LastAsync(TimeSpan.FromSeconds(Math.Max(0, seconds - load.ElapsedS)));

    private string Progress(CompareLoad load, (NodeUse Use, long BeganMs) run)
    {
        var second = (run.BeganMs / 1000) + (long)load.ElapsedS;
        // Read every ten seconds only: the newest that is known.
        var shares = Enumerable.Range(1, plan.Script.Nodes).Select(node => Enumerable.Range(0, 20)
            .Select(back => run.Use.At(node, second - back)).FirstOrDefault(share => share is not null));
        var latency = load.Traffic.Between((int)plan.ReplayAt, (int)load.ElapsedS);
        var at = load.ElapsedS - plan.ReplayAt;
        return FormattableString.Invariant($"{at:0} s of {plan.Script.ReplaySeconds:0}: CPU ")
            + string.Join(' ', shares.Select(share => FormattableString.Invariant($"{share:P0}")))
            + FormattableString.Invariant($", p50 {latency.MsP50:0.0} ms, p99 {latency.MsP99:0} ms so far");
    }

    private RunFigures FiguresOf(
        BalancerMode mode, CompareLoad load, (NodeUse Use, long BeganMs) run,
        (MigrationView[] Moves, IReadOnlyList<ForecastView> Forecasts) seen)
    {
        var (nodes, from) = (plan.Script.Nodes, (int)plan.ReplayAt);
        var replayMs = run.BeganMs + (long)(plan.ReplayAt * 1000);
        var counted = new SecondRange(replayMs / 1000, (replayMs / 1000) + (long)plan.Script.ReplaySeconds);
        // Moves that put the leaders where they belong at the start were asked for, and no policy called for them.
        var moves = seen.Moves.Where(move => move.PolicyVersion is not null).ToArray();
        var done = moves.Where(move => move.Stage == Done).ToArray();
        return new RunFigures
        {
            Mode = NameOf(mode),
            OverThresholdS = run.Use.Over(DemoPolicy.Threshold, nodes, counted),
            OverCapacityS = run.Use.Over(RunFigures.SaturatedShare, nodes, counted),
            SilentS = run.Use.Silent(nodes, counted),
            ThrottledS = _ended.ThrottledS - _began.ThrottledS,
            Latency = load.Traffic.Between(from, from + (int)plan.Script.ReplaySeconds),
            Errors = load.FailedFrom(from),
            Requests = load.Traffic.Offered,
            Fingerprint = load.Traffic.Fingerprint.ToString("x16"),
            LeaderTransfers = done.Count(move => move.Kind == LeaderTransfer),
            ReplicaMoves = done.Count(move => move.Kind != LeaderTransfer),
            MovesNotDone = moves.Length - done.Length,
            Elections = Math.Max(0, _ended.Terms - _began.Terms - done.Length),
            BytesMoved = moves.Sum(move => move.BytesMoved),
            FirstMoveS = moves.Length > 0 ? (moves.Min(move => move.StartedUnixMs) - replayMs) / 1000.0 : null,
            StartShare = run.Use.Median(plan.Script.HotNode,
                new SecondRange(counted.From - ((long)plan.Script.WarmUpSeconds / 2), counted.From)),
            LagMsP99 = load.Lag.PercentileMs(99),
            GeneratorCores = (_ended.CpuSeconds - _began.CpuSeconds) / plan.Script.ReplaySeconds,
            Forecaster = seen.Forecasts.FirstOrDefault(forecast => forecast.Shard == plan.Script.HotShard)?.Method
                ?? "none",
        };
    }

    private void Say(BalancerMode mode, string text) =>
        output.WriteLine(FormattableString.Invariant($"  {NameOf(mode)} {_time.Elapsed:m\\:ss}  {text}"));

    private static string NameOf(BalancerMode mode) => mode.ToString().ToLowerInvariant();

    private static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Counters at one end of the replay.</summary>
    private readonly record struct ReplayMarks(double ThrottledS, double CpuSeconds, long Terms)
    {
        public static async Task<ReplayMarks> NowAsync(CompareCluster cluster) => new(
            cluster.ThrottledSeconds, Environment.CpuUsage.TotalTime.TotalSeconds, await cluster.TermsAsync());
    }
}
