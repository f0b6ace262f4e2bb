using System.Text.Json;
using System.Text.Json.Serialization;
using ShardStore.Balancer;
using ShardStore.Cluster.Tests.Nemesis;
using ShardStore.Node.Bench;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>Replays the same load on clusters that are balanced reactively and predictively, in turns, and holds the
/// runs against each other.</summary>
internal sealed class CompareSession(CompareArguments asked, bool record, TextWriter output) : IAsyncDisposable
{
    /// <summary>What is not known is not a number, and written as that.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<RoundResult> _rounds = [];
    private CompareCluster? _cluster;

    private static bool IsEnforced => CpuLimit.Missing() is null;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
            await cluster.DisposeAsync();
    }

    /// <summary>True when the predictive balancer has kept its promise.</summary>
    public async Task<bool> RunAsync()
    {
        // Else a node costs twice as much in its first minute as later, which nothing in its load explains.
        Environment.SetEnvironmentVariable("DOTNET_TieredCompilation", "0");
        try
        {
            var trace = asked.Trace.Length > 0 ? TraceFile.Load(asked.Trace) : null;
            var likely = new PlanSearch(asked, CompareCalibration.Assumed).Find(trace, 1);
            Introduce(likely);
            var cost = await new CompareCalibration(likely, StartAsync).MeasureAsync();
            output.WriteLine(FormattableString.Invariant($"calibrated: a node takes {cost.Idle:0.000} cores without ")
                + FormattableString.Invariant($"demand and {cost.PerOp * 1000:0.00} ms of CPU for a request"));
            var search = new PlanSearch(asked, cost);
            for (var round = 1; round <= asked.Rounds; round++)
                await RoundAsync(round, search.Find(trace, round));
        }
        catch (TraceFormatException unfit)
        {
            output.WriteLine($"--trace {What}: {unfit.Message}");
            return false;
        }
        return Report();
    }

    private string What => asked.Trace.Length > 0 ? Path.GetFileName(asked.Trace) : "made days";

    private void Introduce(ComparePlan plan)
    {
        output.WriteLine(FormattableString.Invariant($"{asked.Rounds} rounds of {What} on {asked.Nodes} nodes of ")
            + FormattableString.Invariant($"{asked.CapacityCores} cores: a step takes {plan.Script.StepSeconds} s, a ")
            + FormattableString.Invariant($"replay {plan.Script.ReplaySeconds:0} s after {plan.ReplayAt:0} s of ")
            + $"lead-in and warm-up; commit {Provenance.Commit}; {Provenance.Machine}");
        output.WriteLine(CpuLimit.Missing() is { } missing
            ? $"nodes are NOT kept to their capacity ({missing}): what is over it is only reported"
            : "no node gets more CPU than its capacity");
    }

    private async Task<CompareCluster> StartAsync(CompareShape shape) =>
        _cluster = await CompareCluster.StartAsync(shape);

    private async Task RoundAsync(int number, ComparePlan plan)
    {
        BalancerMode[] modes = number % 2 == 1
            ? [BalancerMode.Reactive, BalancerMode.Predictive] : [BalancerMode.Predictive, BalancerMode.Reactive];
        output.WriteLine($"round {number} of {asked.Rounds}: {plan}");
        var figures = new Dictionary<BalancerMode, RunFigures>();
        foreach (var mode in modes)
        {
            figures[mode] = await new CompareRun(plan, StartAsync, output).RunAsync(mode);
            output.WriteLine(TextOf(figures[mode]));
        }
        var result = new RoundResult(
            number, plan.ToString(), figures[modes[0]].Mode, figures[BalancerMode.Reactive],
            figures[BalancerMode.Predictive]);
        _rounds.Add(result);
        foreach (var problem in result.Problems)
            output.WriteLine($"  cannot be compared: {problem}");
        if (record)
            File.AppendAllText(Provenance.ResultsFile("compare"), ToJson(result, plan) + "\n");
    }

    private static string TextOf(RunFigures run)
    {
        var first = run.FirstMoveS is { } at ? FormattableString.Invariant($", the first at {at:0} s") : "";
        return $"  {run.Mode}: {run.OverThresholdS} node-seconds over the threshold, {run.OverCapacityS} over "
            + FormattableString.Invariant($"capacity; p50 {run.Latency.MsP50:0.0} ms, p99 {run.Latency.MsP99:0} ms; ")
            + $"{run.LeaderTransfers} transfers and {run.ReplicaMoves} moves, {run.MovesNotDone} not done{first}; "
            + $"{run.Errors} errors of "
            + FormattableString.Invariant($"{run.Requests}; generator {run.GeneratorCores:0.00} cores, late by ")
            + FormattableString.Invariant($"{run.LagMsP99:0.0} ms at p99; hot shard forecast by {run.Forecaster}");
    }

    private bool Report()
    {
        var verdict = new CompareVerdict(_rounds, IsEnforced);
        foreach (var line in CompareTable.Lines(_rounds, verdict))
            output.WriteLine(line);
        output.WriteLine(verdict);
        return verdict.IsShown;
    }

    private string ToJson(RoundResult round, ComparePlan plan) => JsonSerializer.Serialize(new
    {
        at = Provenance.At,
        commit = Provenance.Commit,
        machine = Provenance.Machine,
        load = NemesisResult.LoadText(),
        suite = "compare",
        trace = What,
        nodes = asked.Nodes,
        shards = plan.Script.Shards,
        replicas = CompareCluster.Replicas,
        capacityCores = asked.CapacityCores,
        isEnforced = IsEnforced,
        seed = asked.Seed,
        round = round.Number,
        plan = round.Plan,
        idleCores = plan.Cost.Idle,
        requestCores = plan.Cost.PerOp,
        overloadS = plan.OverloadS,
        overloadedSeconds = plan.OverloadedSeconds,
        peakShare = plan.PeakShare,
        first = round.First,
        problems = round.Problems,
        reactive = round.Reactive,
        predictive = round.Predictive,
    }, Json);
}
