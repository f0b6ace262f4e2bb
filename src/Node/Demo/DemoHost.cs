using ShardStore.Node.Bench;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Demo;

/// <summary>The `demo` verb from trace to report: calibrate, run reactive, run predictive, compare.</summary>
internal sealed class DemoHost(DemoOptions options, TextWriter output, bool isTerminal)
{
    private const int TraceSeed = 1;
    private readonly DemoProgress _progress = new(output, isTerminal, options.Json);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var report = await ReportAsync(stop);
        _progress.End();
        if (options.Json)
            output.WriteLine(report.ToJson());
        else
            DemoScreen.Draw(report, output, isTerminal);
        return 0;
    }

    public async Task<DemoReport> ReportAsync(CancellationToken stop)
    {
        var script = Script();
        _progress.Say($"{script.Nodes} nodes, {script.Shards} shards with {options.Replicas} copies; a step of the "
            + $"trace lasts {script.StepSeconds} s, each replay {script.ReplaySeconds:0} s, all of it "
            + $"{SecondsInAll(script) / 60:0.0} minutes");
        if (options.Nodes == options.Replicas)
        {
            _progress.Say($"with {options.Nodes} nodes and {options.Replicas} copies every node holds every shard: "
                + "only leaderships can move");
        }
        _progress.Say("calibrating: what does the load cost on this machine now?");
        var capacity = await DemoCalibration.MeasureAsync(script, options, stop);
        _progress.Say(FormattableString.Invariant(
            $"capacity of a node set to {capacity.Cores:F3} cores: node n{script.HotNode}, which leads the hot shard,")
            + FormattableString.Invariant($" is at {capacity.CoresAtStart / capacity.Cores:P0} of it at the start"));
        var reactive = await RunAsync((script, capacity), Balancer.BalancerMode.Reactive, "run 1 of 2", stop);
        var predictive = await RunAsync((script, capacity), Balancer.BalancerMode.Predictive, "run 2 of 2", stop);
        return DemoReport.Of(script, options, (reactive, predictive));
    }

    private Task<DemoRunReport> RunAsync(
        (DemoScript Script, DemoCapacity Capacity) asked, Balancer.BalancerMode mode, string which,
        CancellationToken stop)
    {
        _progress.Say($"{which}: {mode.ToString().ToLowerInvariant()}");
        return new DemoRun(asked.Script, options, asked.Capacity, _progress).RunAsync(mode, stop);
    }

    private DemoScript Script()
    {
        try
        {
            var trace = options.TracePath is { } path ? TraceFile.Load(path) : GeneratedTrace.Build(TraceSeed);
            return DemoScript.Of(trace, options);
        }
        catch (TraceFormatException e)
        {
            throw new UsageException($"--trace {options.TracePath ?? "(built in)"}: {e.Message}");
        }
    }

    private static double SecondsInAll(DemoScript script)
    {
        var run = DemoRun.FormSeconds(script) + script.StepSeconds + script.WarmUpSeconds + script.ReplaySeconds;
        return DemoRun.FormSeconds(script) + DemoCalibration.Seconds(script) + (2 * run);
    }
}
