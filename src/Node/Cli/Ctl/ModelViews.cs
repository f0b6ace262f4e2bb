using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws which forecast model acts, and how the one beside it does.</summary>
internal static class ModelViews
{
    private const int DigestShown = 12;

    public static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var models = client.Parse(json, AdminJson.Default.ModelView);
        var table = Table("model>", "note", "does", "bytes>", "loaded", "sha256");
        table.Row(Row(models.Acting, "acts"));
        if (models.Beside is { } beside)
            table.Row(Row(beside, $"runs along, {models.BesideIs}"));
        screen.Write(table);
        if (models.Problem is { } problem)
            screen.WriteLine($"the {models.BesideIs} cannot run: {problem}");
        if (models.Trial is { } trial)
            screen.WriteLine(Tell(models, trial));
    }

    private static Markup[] Row(ModelEntryView model, string does) =>
    [
        Text(model.Number.ToString(CultureInfo.InvariantCulture)),
        Text(model.Number == 0 ? "of the start" : model.Note),
        Text(model.ByHand ? does + ", by hand" : does), Text(model.Number == 0 ? "-" : Quantity.Bytes(model.Bytes)),
        Text(model.Number == 0 ? "-" : Quantity.Time(model.LoadedUnixMs)),
        Text(model.Sha256.Length > DigestShown ? model.Sha256[..DigestShown] : "-"),
    ];

    private static string Tell(ModelView models, TrialView trial)
    {
        var stands = trial.Outcome == "open" && trial.Blocks < trial.BlocksMin
            ? $"{trial.Blocks} of {trial.BlocksMin} blocks of {trial.BlockSteps} samples compared"
            : $"{trial.Outcome}, after {trial.Blocks} blocks of {trial.BlockSteps} samples";
        if (trial.Difference is not { } difference)
            return $"trial of the {models.BesideIs}: {stands}";
        var error = trial.StandardError is { } known ? $" ± {Share(2 * known)}" : "";
        return $"trial of the {models.BesideIs}: {stands}; it loses {Share(Math.Abs(difference))}{error} "
            + (difference < 0 ? "less" : "more");
    }

    private static string Share(double share) => Quantity.Number(100 * share) + " %";
}
