using System.CommandLine;
using System.Net;
using ShardStore.Node.Bench;
using ShardStore.Node.Cli.Settings;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli;

/// <summary>`bench`: makes load and counts what came of it, errors included.</summary>
internal static class BenchVerb
{
    private static readonly Setting<IReadOnlyList<HostPort>> Endpoints =
        HostPorts("endpoints", "Nodes to ask for the map; one that answers is enough.") with
        {
            Default = new Parsed<IReadOnlyList<HostPort>>([new HostPort("127.0.0.1", 7001)]),
            DefaultWords = "127.0.0.1:7001",
        };

    private static readonly Setting<int> Seconds = Whole("seconds", "s", 10, (1, 86_400), "How long to run.");

    private static readonly Setting<int> Connections = Whole("connections", "connections", 50, (1, 10_000),
        "Workers; each holds one connection to every node it needs.");

    private static readonly Setting<int> Pipeline = Whole("pipeline", "commands", 16, (1, 10_000),
        "Most commands a worker sends before it waits.");

    private static readonly Setting<double> Reads = Number("reads", "share", (0, 1), "Share of reads.")
        with
    { DefaultWords = "0.5" };

    private static readonly Setting<int> Keys = Whole("keys", "keys", 1_000_000, (1, 1_000_000_000), "Distinct keys.");

    private static readonly Setting<int> Value = Whole("value", "bytes", 100, (1, 64 << 20), "Size of a value.");

    private static readonly Setting<KeyDistribution> Distribution = Choice("distribution", KeyDistribution.Uniform,
        "Which keys are asked for; hotspot: four of five in one slot range.");

    private static readonly Setting<double> Rate = Number("rate", "ops/s", (0, 100_000_000),
        "Operations to start a second, whatever the server does.")
        with
    { DefaultWords = "as fast as replies come" };

    private static readonly Setting<string> Replay = SettingKinds.Path("replay", "Trace to replay as demand over time.")
        with
    { DefaultWords = "none" };

    private static readonly Setting<double> Speed = Number("speed", "factor", (0.001, 1_000_000),
        "Trace seconds per real second.")
        with
    { DefaultWords = "60" };

    private static readonly Setting<bool> Verify = Flag("verify",
        "Write unique values and read back every acknowledged one at the end.");

    private static readonly Setting<bool> Json = Flag("json", "Print one JSON document, and no progress.");

    public static Command Build(Func<string, string?> environment)
    {
        var verb = new Command("bench", "Make load on a cluster and report throughput, latency and errors.");
        var options = new SettingOptions(verb,
        [
            Endpoints, Seconds, Connections, Pipeline, Reads, Keys, Value, Distribution, Rate, Replay, Speed, Verify,
            Json,
        ]);
        verb.SetAction((parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            return RunAsync(Read(values), values.Get(Json), parsed.InvocationConfiguration.Output, stop);
        });
        return verb;
    }

    private static BenchOptions Read(SettingValues values)
    {
        var options = new BenchOptions
        {
            Endpoints = [.. values.Get(Endpoints).Select(endpoint => endpoint.ToString())],
            Seconds = values.Get(Seconds),
            Connections = values.Get(Connections),
            Pipeline = values.Get(Pipeline),
            Reads = values.TryGet(Reads, out var reads) ? reads : 0.5,
            Keys = values.Get(Keys),
            ValueBytes = values.Get(Value),
            Distribution = values.Get(Distribution),
            RatePerSecond = values.TryGet(Rate, out var rate) ? rate : 0,
            ReplayPath = values.TryGet(Replay, out var replay) ? replay : null,
            ReplaySpeed = values.TryGet(Speed, out var speed) ? speed : 60,
            Verify = values.Get(Verify),
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
        return options;
    }

    private static async Task<int> RunAsync(
        BenchOptions options, bool asJson, TextWriter output, CancellationToken stop)
    {
        BenchReport report;
        try
        {
            report = await LoadGenerator.RunAsync(options, asJson ? null : new Lines(output), stop);
        }
        catch (TraceFormatException e)
        {
            throw new UsageException("--replay: " + e.Message);
        }
        if (asJson)
            output.WriteLine(report.ToJson());
        else
            Print(report, output);
        return report.Verified is { Lost: > 0 } ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Print(BenchReport report, TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{report.Operations} operations in {report.ElapsedS:F1} s: {report.OpsPerSecond:F0} ops/s"));
        Print("all   ", report.Latency, output);
        Print("reads ", report.ReadLatency, output);
        Print("writes", report.WriteLatency, output);
        output.WriteLine($"errors {report.Errors}, moved {report.Moved}, reconnects {report.Reconnects}");
        foreach (var (text, count) in report.ErrorsByText)
            output.WriteLine($"  {count} × {text}");
        if (report.Verified is { } verified)
            output.WriteLine(
                $"read back: {verified.Keys} keys, {verified.Lost} lost, {verified.Unreadable} unreadable");
    }

    private static void Print(string name, LatencySummary latency, TextWriter output) =>
        output.WriteLine(FormattableString.Invariant(
            $"{name} ms: p50 {latency.MsP50:F2}  p99 {latency.MsP99:F2}  p99.9 {latency.MsP999:F2}")
            + FormattableString.Invariant($"  max {latency.MsMax:F2}"));

    /// <summary>Writes at once; the framework's Progress would hand lines to the thread pool, out of order.</summary>
    private sealed class Lines(TextWriter output) : IProgress<BenchProgress>
    {
        public void Report(BenchProgress value) => output.WriteLine(value.ToString());
    }
}
