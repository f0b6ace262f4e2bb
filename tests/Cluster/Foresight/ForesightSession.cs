using System.Text.Json;
using ShardStore.Cluster.Tests.Nemesis;
using ShardStore.Node.Bench;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Replays days on a real cluster, one after the other, and holds what it forecast against what came.
/// </summary>
internal sealed class ForesightSession(ForesightArguments asked, bool record, TextWriter output) : IAsyncDisposable
{
    private const double MedianErrorMax = 0.15;
    private const double LeadMinutesMin = 5;

    /// <summary>Of ten.</summary>
    private const double ForeseenShareMin = 0.8;

    private readonly List<ForesightResult> _results = [];
    private readonly ForecastErrors _demand = new();
    private readonly ForecastErrors _use = new();
    private ReplayedCluster? _cluster;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
            await cluster.DisposeAsync();
    }

    public async Task<bool> RunAsync()
    {
        var trace = asked.Trace.Length > 0 ? TraceFile.Load(asked.Trace) : null;
        output.WriteLine($"{asked.Runs} replays of {What()}: {ReplayPlan.Nodes} nodes, {DayLoad.Shards} shards, a step "
            + $"takes {ReplayPlan.StepSeconds} s, one horizon is {ReplayPlan.Horizon} steps; commit "
            + $"{Provenance.Commit}; {Provenance.Machine}");
        // Else a node costs twice as much in its first minute as later, which nothing in its load explains.
        Environment.SetEnvironmentVariable("DOTNET_TieredCompilation", "0");
        for (var run = 0; run < asked.Runs; run++)
        {
            var name = trace is null ? $"seed {asked.Seed + run}" : $"day {run + 1}";
            var result = await RunOf(trace, run).RunAsync(name);
            _results.Add(result);
            _demand.Add(result.DemandFar);
            _use.Add(result.UseFar);
            output.WriteLine(result);
            if (record)
                File.AppendAllText(Provenance.ResultsFile("foresight"), ToJson(result) + "\n");
        }
        return Report();
    }

    private string What() => asked.Trace.Length > 0 ? Path.GetFileName(asked.Trace) : "made days";

    private ForesightRun RunOf(TraceFile? trace, int run)
    {
        var load = trace is null ? DayLoad.Made(asked.Seed + run) : DayLoad.Of(trace, run);
        return new ForesightRun(ReplayPlan.Of(load), async () => _cluster = await ReplayedCluster.StartAsync());
    }

    private bool Report()
    {
        var foreseen = _results.Count(result => result.BreachMinutes is not null
            && result.LeadMinutes >= LeadMinutesMin);
        var calls = _results.Aggregate(default(CallCounts), (sum, result) => sum.With(result.Calls));
        output.WriteLine(FormattableString.Invariant($"median error one horizon ahead: demand {_demand.Median:P1} ")
            + FormattableString.Invariant($"(unchanged {_demand.MedianIfNothingChanged:P1}), CPU {_use.Median:P1} ")
            + FormattableString.Invariant($"(unchanged {_use.MedianIfNothingChanged:P1}), at most ")
            + FormattableString.Invariant($"{MedianErrorMax:P0}; breach foreseen at least {LeadMinutesMin} min before ")
            + $"it came in {foreseen} of {_results.Count} runs; outlooks {calls}");
        var isShown = _demand is { Count: > 0 } && _demand.Median <= MedianErrorMax
            && _use is { Count: > 0 } && _use.Median <= MedianErrorMax
            && foreseen >= ForeseenShareMin * _results.Count;
        output.WriteLine(isShown ? "foreseen" : "NOT FORESEEN, see above");
        return isShown;
    }

    private string ToJson(ForesightResult result) => JsonSerializer.Serialize(new
    {
        at = Provenance.At,
        commit = Provenance.Commit,
        machine = Provenance.Machine,
        load = NemesisResult.LoadText(),
        suite = "foresight",
        trace = What(),
        run = result.Name,
        hotShard = result.HotShard,
        hotNode = result.HotNode,
        limitCores = result.LimitCores,
        demand30 = result.DemandFar.Median,
        demand30Unchanged = result.DemandFar.MedianIfNothingChanged,
        demand12 = result.DemandNear.Median,
        cpu30 = result.UseFar.Median,
        cpu30Unchanged = result.UseFar.MedianIfNothingChanged,
        cpu12 = result.UseNear.Median,
        breachMinutes = result.BreachMinutes,
        leadMinutes = result.LeadMinutes,
        offMinutes = result.OffMinutes,
        right = result.Calls.Right,
        falseCalls = result.Calls.False,
        missed = result.Calls.Missed,
        quiet = result.Calls.Quiet,
        bench = result.Bench,
        disturbance = result.Disturbance,
    });
}

/// <summary>What to replay: days of a trace file, or made ones from a seed on.</summary>
internal sealed record ForesightArguments(int Runs, int Seed, string Trace);
