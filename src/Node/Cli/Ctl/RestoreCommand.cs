using System.CommandLine;
using System.Text.Json;
using ShardStore.Node.Backup;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl restore --from DIR`.</summary>
internal static class RestoreCommand
{
    private static readonly Setting<string> From = SettingKinds.Path("from", "Directory of the backup.");

    private static readonly Setting<string> Temporary = SettingKinds.Path("temp",
        "Directory with room for the largest shard, uncompressed.")
        with
    { DefaultWords = "the system's temporary folder" };

    private static readonly Setting<bool> Merge = SettingKinds.Flag("merge",
        "Also into a cluster that holds keys: the backup's values replace those of the same keys.");

    private static readonly Setting<bool> Verify = SettingKinds.Flag("verify",
        "Compare every value and end at the end; without it every key is looked for.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var command = new Command("restore",
            "Write a backup's keys into a cluster of any size. All files are checked first. Keys whose time is over "
            + "are left out; versions and sessions begin anew. After a failure run it again with --merge.");
        var options = new SettingOptions(command, [From, Temporary, Merge, Verify]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            using var session = open(parsed);
            var asked = new RestoreOptions
            {
                Admin = session.Client.Root,
                Directory = values.Get(From),
                TemporaryDirectory = values.TryGet(Temporary, out var temporary) ? temporary : Path.GetTempPath(),
                Merge = values.Get(Merge),
                Verify = values.Get(Verify),
            };
            var report = await LongCommand.RunAsync(
                parsed, session.AsJson, (progress, token) => new RestoreRun(asked, progress).RunAsync(token), stop);
            parsed.InvocationConfiguration.Output.WriteLine(session.AsJson
                ? JsonSerializer.Serialize(report, BackupJson.Default.RestoreReport)
                : Text(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(RestoreReport report) =>
        $"restored {report.KeysWritten} keys of {report.Shards} shards from {report.Directory} "
        + $"({Quantity.Bytes(report.UserBytes)}); {report.KeysExpired} expired, {report.KeysReadBack} read back"
        + (report.ValuesCompared ? ", values and ends compared, " : ", ")
        + $"{Quantity.Seconds(report.Seconds)}, {Quantity.Bytes(report.UserBytes / report.Seconds)}/s";
}
