using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl series export` and `ctl series import FILE`.</summary>
internal static class SeriesCommand
{
    private static readonly Setting<string> Out = SettingKinds.Path("out", "File to write.")
        with
    { DefaultWords = "the standard output" };

    private static readonly Setting<LoadMeasure> Metric = MetricSetting();

    private static readonly Setting<int> Step = SettingKinds.Whole("step", "s", 0, (1, 86_400),
        "Width of a step: 60, the forecast step, or a finer one of the last minutes.")
        with
    { Default = null, DefaultWords = "the forecast step" };

    private static readonly Setting<bool> Force = SettingKinds.Flag("force", "Replace --out if it exists.");

    public static Command Build(Func<ParseResult, CtlSession> open) =>
        new("series", "The load history of all shards, as a file.") { Export(open), Import(open) };

    private static Command Export(Func<ParseResult, CtlSession> open)
    {
        var command = new Command("export",
            "Write the load history as a CSV trace, one column a shard: a file that `forecast evaluate`, the training "
            + "script, `bench --replay` and `ctl series import` read. A step that was not measured repeats the one "
            + "before; the header counts them.");
        var options = new SettingOptions(command, [Out, Metric, Step, Force]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = values.TryGet(Out, out var given) ? given : null;
            var isForced = values.Get(Force);
            CheckTarget(values, path, isForced);
            using var session = open(parsed);
            var export = new SeriesExport(session.Client, values.Get(Metric));
            var table = await export.ReadAsync(values.TryGet(Step, out var step) ? step : null, stop);
            foreach (var note in table.Notes)
                errors.WriteLine("shardstore: " + note);
            if (path is null)
                table.Write(output);
            else
                SeriesFile.Replace(path, isForced, table.Write);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Import(Func<ParseResult, CtlSession> open)
    {
        var file = new Argument<string>("file") { Description = "CSV trace with columns timestamp, s1, s2, …" };
        var command = new Command("import",
            "Give the cluster load history from before, so that it forecasts from it. Columns are s and the number of "
            + "a shard, times unix seconds, values means over one forecast step. A step that the cluster has measured "
            + "keeps its value. The whole file is checked first.")
        {
            file,
        };
        var options = new SettingOptions(command, [Metric]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var path = parsed.GetValue(file) ?? "";
            var measure = values.Get(Metric);
            using var session = open(parsed);
            var done = await new SeriesImportRun(session.Client, measure).RunAsync(path, stop);
            return await session.ShowAsync(
                new CtlView("import", "", "", Draw),
                _ => Task.FromResult(System.Text.Json.JsonSerializer.Serialize(
                    done, AdminJson.Default.SeriesImportView)),
                _ => true, stop);
        });
        return command;
    }

    private static void Draw(AdminClient client, string json, Spectre.Console.IAnsiConsole screen)
    {
        var done = client.Parse(json, AdminJson.Default.SeriesImportView);
        screen.Write(new Spectre.Console.Text($"imported {done.Added} values; {done.Known} steps had one already, "
            + $"{done.TooOld} are older than what is kept\n"));
    }

    /// <summary>Before the work; the file is looked at again when it is put in place.</summary>
    private static void CheckTarget(SettingValues values, string? path, bool isForced)
    {
        if (path is null)
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path) || !Directory.Exists(folder))
            throw new UsageException(values.Refusal(Out, "must be a file in a folder that exists"));
        if (File.Exists(path) && !isForced)
            throw new UsageException(values.Refusal(Out, "exists already; give another file, or --force"));
    }

    private static Setting<LoadMeasure> MetricSetting()
    {
        var names = LoadMeasure.OfShards.Select(measure => measure.Name);
        return new Setting<LoadMeasure>(
            "metric", "word", "one of " + string.Join(", ", names), "What is in the file.", text =>
                LoadMeasure.OfShards.FirstOrDefault(measure => measure.Name == text) is { } known
                    ? new Parsed<LoadMeasure>(known)
                    : null)
        {
            Default = new Parsed<LoadMeasure>(LoadMeasure.Ops),
            DefaultWords = LoadMeasure.Ops.Name,
        };
    }
}
