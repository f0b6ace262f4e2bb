using System.CommandLine;
using System.Text.Json;
using ShardStore.Node.Backup;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl backup --to DIR`.</summary>
internal static class BackupCommand
{
    private const double BytesPerMegabyte = 1e6;

    private static readonly Setting<string> To = SettingKinds.Path("to",
        "Directory of the backup. With a backup of this cluster in it, only shards that have changed are transferred.");

    private static readonly Setting<double> Rate = SettingKinds.Number("rate", "MB/s", (0.1, 100_000),
        "Most to read from all nodes together.")
        with
    { DefaultWords = "as fast as the nodes send" };

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var command = new Command("backup",
            "Back the cluster up while it serves. Every write acknowledged before the start is in it; each shard is of "
            + "one moment, different shards of different ones. Keys, values and ends are kept; versions, sessions, "
            + "policy and load history are not.");
        var options = new SettingOptions(command, [To, Rate]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            using var session = open(parsed);
            var asked = new BackupOptions
            {
                Admin = session.Client.Root,
                Directory = values.Get(To),
                BytesPerSecondMax = values.TryGet(Rate, out var rate) ? rate * BytesPerMegabyte : 0,
            };
            var report = await LongCommand.RunAsync(
                parsed, session.AsJson, (progress, token) => new BackupRun(asked, progress).RunAsync(token), stop);
            parsed.InvocationConfiguration.Output.WriteLine(session.AsJson
                ? JsonSerializer.Serialize(report, BackupJson.Default.BackupReport)
                : Text(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(BackupReport report) =>
        $"backup of {report.Shards} shards in {report.Directory}: {Quantity.Bytes(report.FileBytes)} "
        + $"({Quantity.Bytes(report.TotalBytes)} uncompressed); {report.Kept} shards kept, "
        + $"{Quantity.Bytes(report.TransferredBytes)} transferred, {report.FilesDeleted} old files deleted, "
        + $"{Quantity.Seconds(report.Seconds)}, {Quantity.Bytes(report.TransferredContentBytes / report.Seconds)}/s of "
        + "content";
}
