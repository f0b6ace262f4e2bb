using System.CommandLine;
using System.Text;
using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Simulation;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Cli.Simulate;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli;

/// <summary>`simulate`: what balancing would have been worth on a load, with the product's own planner and forecasts.
/// </summary>
internal static class SimulateVerb
{
    internal static readonly Setting<string> Trace = SettingKinds.Path("trace",
        "Folder with traces (*.csv) whose columns are shards, or one such file.") with
    { DefaultWords = "none: give --scenario" };

    internal static readonly Setting<IReadOnlyList<Scenario>> Scenarios = Some("scenario",
        "Generated loads (docs/balancing.md).", ScenarioCatalog.All, scenario => scenario.Name) with
    { DefaultWords = "none: give --trace" };

    internal static readonly Setting<IReadOnlyList<string>> Only = FilePatterns("only",
        "Which traces of the folder to take, such as 'shards_*'.");

    private static readonly Setting<IReadOnlyList<SimulatedStrategy>> Balancer = Some("balancer",
        "Balancers to compare; oracle: predictive that knows what comes.", Enum.GetValues<SimulatedStrategy>(),
        SimulateJson.Word) with
    {
        Default = new Parsed<IReadOnlyList<SimulatedStrategy>>(Enum.GetValues<SimulatedStrategy>()),
        DefaultWords = "all",
    };

    private static readonly Setting<IReadOnlyList<PredictivePart>> Without = Some("without",
        "Parts that predictive does without, to see what each is worth (docs/balancing.md).",
        Enum.GetValues<PredictivePart>(), SimulateJson.Word) with
    {
        Default = new Parsed<IReadOnlyList<PredictivePart>>([]),
        DefaultWords = "nothing",
    };

    internal static readonly Setting<int> Nodes = Whole("nodes", "nodes", 8, (1, 10_000), "Nodes of the cluster.");

    internal static readonly Setting<int> Replicas = Whole("replicas", "replicas", 3, (1, 7), "Of each shard.");

    private static readonly Setting<int> Zones = Whole("zones", "zones", 1, (1, 100),
        "Zones of the cluster, which nodes are in by turns.");

    internal static readonly Setting<int> Shards = Whole("shards", "shards", 64, (1, 1_000_000),
        "Shards of a scenario; a trace has its columns.");

    internal static readonly Setting<double> Load = Number("load", "share", (0.05, 0.95),
        "Mean utilization of the cluster over the scored time, less where --peak-load asks for it.") with
    { DefaultWords = "0.65" };

    internal static readonly Setting<double> PeakLoad = Number("peak-load", "share", (0.05, 2),
        "Utilization of the whole cluster in its busiest step, at most: balancing cannot cure what is wrong with all.")
        with
    { DefaultWords = "0.72" };

    internal static readonly Setting<int> ShardMb = Whole("shard-mb", "MB", 2000, (1, 1_000_000),
        "Median size of a shard.");

    internal static readonly Setting<int> Days = Whole("days", "days", 1, (1, 12), "Scored days at most.") with
    {
        Default = null,
        DefaultWords = "1 of a scenario, all of a trace",
    };

    internal static readonly Setting<int> Step = Whole("step", "s", SimulateTraces.StepSecondsUsual, (10, 86_400),
        "What a point of a trace stands for.") with
    {
        Default = null,
        DefaultWords = "its own interval where that is 60 to 900 s, else 300",
    };

    internal static readonly Setting<int> Tick = Whole("tick", "s", 60, (5, 900),
        "Time between two decisions, about: a step is a whole number of ticks.");

    internal static readonly Setting<int> Seed = Whole("seed", "seed", 1, (0, 1_000_000_000), "The first one.");

    internal static readonly Setting<int> Seeds = Whole("seeds", "seeds", 1, (1, 1000),
        "How many clusters to draw for each trace; the table has medians.");

    private static readonly Setting<string> Policy = SettingKinds.Path("policy",
        "Policy in force, as `ctl policy get` prints it; its mode is left aside.") with
    { DefaultWords = "the built-in one" };

    internal static readonly Setting<ForecasterChoice> Forecasters = Choice("forecasters", ForecasterChoice.All,
        "What predictive forecasts with; baselines: seasonal naive, means, the last value only, for large clusters.");

    internal static readonly Setting<string> Model = SettingKinds.Path("model",
        "ONNX file to use as LSTM, with its .sha256 beside it.") with
    { DefaultWords = "the one this program was built with" };

    private static readonly Setting<string> Agent = SettingKinds.Path("agent",
        "Agent of the learned balancer, as `simulate train` writes it, with its .sha256 beside it.") with
    { DefaultWords = "the one this program was built with" };

    internal static readonly Setting<bool> Json = Flag("json", "Print one JSON document instead of a table.");

    private static readonly Setting<string> Html = SettingKinds.Path("html",
        "Also write a report with timelines to this file.") with
    { DefaultWords = "no file" };

    public static Command Build(Func<string, string?> environment)
    {
        var verb = new Command("simulate",
            "Balance a cluster that is computed, on real or generated loads, and compare balancers.");
        var options = new SettingOptions(verb,
        [
            Trace, Scenarios, Only, Balancer, Without, Nodes, Replicas, Zones, Shards, Load, PeakLoad, ShardMb, Days,
            Step, Tick, Seed, Seeds, Policy, Forecasters, Model, Agent, Json, Html,
        ]);
        verb.Add(TrainCommand.Build(environment));
        verb.SetAction((parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            return Task.FromResult(Run(Read(values), parsed.InvocationConfiguration, stop));
        });
        return verb;
    }

    private static SimulateOptions Read(SettingValues values)
    {
        var hasScenario = values.TryGet(Scenarios, out _);
        if (hasScenario && values.TryGet(Trace, out _))
            throw new UsageException(values.Refusal(Trace, "cannot be given together with --scenario"));
        var strategies = values.Get(Balancer);
        return ReadLoads(values) with
        {
            Strategies = strategies,
            Parts = PartsOf(values),
            Policy = PolicyOf(values),
            Agent = strategies.Contains(SimulatedStrategy.Learned) ? AgentOf(values) : null,
            HtmlPath = values.FileToWrite(Html),
        };
    }

    /// <summary>What `simulate` and `simulate train` are both told: loads, clusters and forecasters.</summary>
    internal static SimulateOptions ReadLoads(SettingValues values)
    {
        var seed = values.Get(Seed);
        var rules = new ClusterRules
        {
            Nodes = values.Get(Nodes),
            Replicas = values.Get(Replicas),
            Zones = values.Get(Zones),
            Load = values.TryGet(Load, out var load) ? load : new ClusterRules().Load,
            PeakLoad = values.TryGet(PeakLoad, out var peak) ? peak : new ClusterRules().PeakLoad,
            ShardBytes = values.Get(ShardMb) * 1e6,
        };
        if (rules.Nodes < rules.Replicas)
            throw new UsageException(values.Refusal(Nodes, $"must be at least --replicas, {rules.Replicas}"));
        if (rules.Zones > rules.Nodes)
            throw new UsageException(values.Refusal(Zones, $"must be at most --nodes, {rules.Nodes}"));
        return new SimulateOptions
        {
            TracePath = TraceOf(values),
            Scenarios = values.TryGet(Scenarios, out var scenarios) ? scenarios : [],
            Only = values.TryGet(Only, out var only) ? only : [],
            Strategies = [SimulatedStrategy.Predictive],
            Rules = rules,
            Policy = BalancingPolicy.Default,
            Shards = values.Get(Shards),
            Days = values.TryGet(Days, out var days) ? days : null,
            StepSeconds = values.TryGet(Step, out var step) ? step : null,
            TickSeconds = values.Get(Tick),
            Seeds = [.. Enumerable.Range(seed, values.Get(Seeds))],
            Forecasters = values.Get(Forecasters),
            ModelPath = values.TryGet(Model, out var model) ? model : null,
            AsJson = values.Get(Json),
        };
    }

    private static PredictiveParts PartsOf(SettingValues values)
    {
        var without = values.Get(Without);
        return without.Count == 0 || values.Get(Balancer).Contains(SimulatedStrategy.Predictive)
            ? new PredictiveParts(without)
            : throw new UsageException(values.Refusal(Without, "is about predictive, which --balancer leaves out"));
    }

    private static string? TraceOf(SettingValues values)
    {
        var hasScenario = values.TryGet(Scenarios, out _);
        if (!values.TryGet(Trace, out var path))
            return hasScenario ? null : throw new UsageException("--trace or --scenario is missing; give one of them");
        return Directory.Exists(path) || File.Exists(path) ? path
            : throw new UsageException(values.Refusal(Trace, "does not exist; give a folder with traces (*.csv)"));
    }

    private static BalancingPolicy PolicyOf(SettingValues values)
    {
        if (!values.TryGet(Policy, out var path))
            return BalancingPolicy.Default;
        try
        {
            return PolicyDocument.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PolicyException)
        {
            throw new UsageException(values.Refusal(Policy, e.Message));
        }
    }

    private static LearnedAgent AgentOf(SettingValues values)
    {
        try
        {
            return values.TryGet(Agent, out var path)
                ? AgentDocument.Parse(Encoding.UTF8.GetString(ForecastModelFile.Read(path)))
                : AgentDocument.Shipped;
        }
        catch (Exception e) when (e is AgentException or ForecastModelException)
        {
            throw new UsageException(values.Refusal(Agent, e.Message));
        }
    }

    private static int Run(SimulateOptions options, InvocationConfiguration configuration, CancellationToken stop)
    {
        var (output, errors) = (configuration.Output, configuration.Error);
        var isTerminal = !Console.IsErrorRedirected && errors == Console.Error;
        var progress = new RunProgress(errors, isTerminal, isSilent: options.AsJson && !isTerminal, "runs");
        SimulateOutcome outcome;
        try
        {
            using var run = new SimulateRun(options, progress);
            outcome = run.Run(stop);
        }
        finally
        {
            progress.End();
        }
        if (options.HtmlPath is { } path)
            WriteReport(path, SimulateReport.Of(outcome, options));
        if (options.AsJson)
            output.WriteLine(SimulateJson.Of(outcome, options));
        else
            SimulateTables.Print(outcome, options, output);
        return ExitCode.Done;
    }

    private static void WriteReport(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SimulateException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
