using System.CommandLine;
using System.Security.Cryptography;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl model` and what can be done with it: `load FILE`, `promote`, `rollback`, `drop`.</summary>
internal static class ModelCommand
{
    private static readonly CtlView View = new(
        "model", "Show the forecast model that acts, and how the one beside it does.", "model", ModelViews.Draw);

    private static readonly Setting<string> Note = SettingKinds.Name("note", "What people call the model.")
        with
    { DefaultWords = "none" };

    private static readonly Setting<bool> ByHand = SettingKinds.Flag(
        "by-hand", "Promote, drop and roll back by hand only.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var command = new Command(View.Name, View.Help)
        {
            Load(open),
            Step(open, "promote", "Let the model on trial act now; the one before runs along.",
                (client, stop) => client.PostAsync("model/promote", stop)),
            Step(open, "rollback", "Go back to the model before.",
                (client, stop) => client.PostAsync("model/rollback", stop)),
            Step(open, "drop", "Let the model beside the one that acts go.",
                (client, stop) => client.DeleteAsync("model/beside", stop)),
        };
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(View, stop);
        });
        return command;
    }

    private static Command Load(Func<ParseResult, CtlSession> open)
    {
        var file = new Argument<string>("file")
        {
            Description = "ONNX file as training/train.sh writes it, its checksum in FILE.sha256 beside it.",
        };
        var command = new Command("load",
            "Put a forecast model on trial: it forecasts along, acts once it has proved better, is dropped when it is "
            + "worse, and is rolled back when it proves worse later.")
        {
            file,
        };
        var options = new SettingOptions(command, [Note, ByHand]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var onnx = Read(parsed.GetValue(file) ?? "");
            var upload = new ModelUpload
            {
                Onnx = onnx,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)),
                Note = values.TryGet(Note, out var note) ? note : "",
                ByHand = values.Get(ByHand),
            };
            using var session = open(parsed);
            var stored = await session.Client.PutAsync("model", upload, AdminJson.Default.ModelUpload, stop);
            return await session.ShowAsync(View, _ => Task.FromResult(stored), _ => true, stop);
        });
        return command;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return ForecastModelFile.Read(path);
        }
        catch (ForecastModelException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Command Step(
        Func<ParseResult, CtlSession> open, string name, string help,
        Func<AdminClient, CancellationToken, Task<string>> send)
    {
        var command = new Command(name, help);
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            var changed = await send(session.Client, stop);
            return await session.ShowAsync(View, _ => Task.FromResult(changed), _ => true, stop);
        });
        return command;
    }
}
