using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws what is coming: time runs down, the error band lies across, and above it what was said before of the
/// last hours beside what came.</summary>
internal static class ForecastViews
{
    /// <summary>Past steps drawn: enough to judge by, and the future still fits on a screen.</summary>
    private const int PastRowsMax = 16;

    public static void DrawShard(AdminClient client, string json, IAnsiConsole screen)
    {
        var forecast = client.Parse(json, AdminJson.Default.ForecastView);
        screen.WriteLine($"shard {forecast.Shard}, {forecast.Metric}, model {forecast.Method}, {forecast.State}"
            + (forecast.Reason is { } reason ? $": {reason}" : "") + $"; {forecast.HistorySteps} steps of history");
        var past = forecast.Past.Skip(Math.Max(0, forecast.Past.Count - PastRowsMax)).ToList();
        var top = forecast.Values.SelectMany(row => row)
            .Concat(past.SelectMany(row => new[] { row.High, row.Came ?? 0 })).DefaultIfEmpty(0).Max();
        string[] levels = [.. forecast.Levels.Select(level => Level(level) + ">")];
        var table = Table(["time", .. levels, "came>", ""]);
        foreach (var row in past)
            table.Row(PastRow(row, forecast.Levels, top));
        if (past.Count > 0)
            table.Row([Text("now")]);
        for (var step = 0; step < forecast.Values.Count; step++)
        {
            var unixMs = forecast.StartUnixMs + (long)(step * forecast.StepSeconds * 1000);
            var values = forecast.Values[step];
            table.Row([
                Text(Quantity.Time(unixMs)), .. values.Select(value => Text(Quantity.Number(value))), Text(""),
                Band(values, forecast.Levels, top).Draw()]);
        }
        screen.Write(table);
        screen.WriteLine(BandRow.Legend);
        foreach (var part in forecast.Parts)
            screen.WriteLine(PartOf(forecast, part));
        WriteRecord(forecast, screen);
    }

    public static void DrawNode(AdminClient client, string json, IAnsiConsole screen)
    {
        var forecast = client.Parse(json, AdminJson.Default.NodeForecastView);
        screen.WriteLine($"node {forecast.Node}, {forecast.Metric}, now {Quantity.Share(forecast.Current)}, limit "
            + $"{Quantity.Share(forecast.Threshold)}, passes it with probability "
            + Quantity.Share(forecast.OverloadProbability)
            + (forecast.BreachUnixMsP90 is { } soon
                ? $"; 1 in {Quantity.Number(1 / (1 - forecast.HighLevel))} by {Quantity.Time(soon)}" : "")
            + (forecast.BreachUnixMsP50 is { } even ? $"; as likely as not by {Quantity.Time(even)}" : ""));
        var top = forecast.High.Append(forecast.Threshold).Append(forecast.Current).Max();
        var table = Table("time", "P50>", Level(forecast.HighLevel) + ">", "");
        for (var step = 0; step < forecast.Median.Count; step++)
        {
            var (middle, high) = (forecast.Median[step], forecast.High[step]);
            var unixMs = forecast.StartUnixMs + (long)(step * forecast.StepSeconds * 1000);
            var band = new BandRow(top).Fill(middle, high, '▒').Mark(forecast.Threshold, '╎').Mark(middle, '┃');
            table.Row(
                Text(Quantity.Time(unixMs)), Text(Quantity.Share(middle)),
                Text(Quantity.Share(high), high > forecast.Threshold ? "red" : ""), band.Draw());
        }
        screen.Write(table);
        screen.WriteLine(BandRow.Legend);
        WriteParts(forecast, screen);
    }

    private static Markup[] PastRow(PastForecastView row, IReadOnlyList<double> levels, double top)
    {
        var cells = levels.Select(level => Text(level switch
        {
            0.1 => Quantity.Number(row.Low),
            0.5 => Quantity.Number(row.Median),
            0.9 => Quantity.Number(row.High),
            _ => "",
        }));
        var band = new BandRow(top).Fill(row.Low, row.High, '▒').Mark(row.Median, '┃').Mark(row.Came, '●');
        var came = row.Came is { } value ? Quantity.Number(value) : "-";
        return [Text(Quantity.Time(row.StartUnixMs)), .. cells, Text(came), band.Draw()];
    }

    private static BandRow Band(IReadOnlyList<double> values, IReadOnlyList<double> levels, double top)
    {
        var band = new BandRow(top);
        if (values.Count == 0)
            return band;
        var (low, high) = (At(0.1, values[0]), At(0.9, values[^1]));
        return band.Fill(high, values[^1], '░').Fill(low, high, '▒').Mark(At(0.5, values[values.Count / 2]), '┃');

        double At(double level, double otherwise)
        {
            for (var i = 0; i < levels.Count; i++)
            {
                if (levels[i] == level)
                    return values[i];
            }
            return otherwise;
        }
    }

    /// <summary>Where the part changes the forecast, and by how much at most.</summary>
    private static string PartOf(ForecastView forecast, ForecastPartView part)
    {
        var steps = Enumerable.Range(0, part.Multipliers.Count).Where(step => part.Multipliers[step] != 1).ToList();
        var farthest = steps.Select(step => part.Multipliers[step]).MaxBy(factor => Math.Abs(Math.Log(factor)));
        string At(int step) => Quantity.Time(forecast.StartUnixMs + (long)(step * forecast.StepSeconds * 1000));
        return steps.Count == 0
            ? $"known: {part.Kind} {part.Name}"
            : $"known: {part.Kind} {part.Name}, times {Quantity.Number(farthest)} from {At(steps[0])} to "
                + At(steps[^1] + 1);
    }

    private static void WriteRecord(ForecastView forecast, IAnsiConsole screen)
    {
        if (forecast.Members.Count > 0)
        {
            var members = forecast.Members.OrderByDescending(member => member.Middle)
                .Select(member => $"{member.Method} {Quantity.Share(member.Short)} {Quantity.Share(member.Middle)} "
                    + Quantity.Share(member.Long));
            screen.WriteLine($"combination of (over steps 1–4, 5–12, 13–30): {string.Join(", ", members)}");
        }
        if (forecast.Coverage.Any(level => level.Share is not null))
        {
            screen.WriteLine("covered so far: " + string.Join(", ", forecast.Coverage
                .Where(level => level.Share is not null)
                .Select(level => $"{Level(level.Level)} {Quantity.Share(level.Share!.Value)}"))
                + $" of {Quantity.Number(forecast.Coverage.Max(level => level.Compared))} comparisons");
        }
        foreach (var score in forecast.Scores)
        {
            screen.WriteLine(
                $"backtest {score.Method}: loss {Quantity.Number(score.Loss)} over {score.Windows} windows"
                + (score.BeatsBaseline ? ", beats the baselines" : ""));
        }
    }

    private static void WriteParts(NodeForecastView forecast, IAnsiConsole screen)
    {
        const int partsMax = 8;
        var parts = forecast.Parts.Take(partsMax)
            .Select(part => $"shard {part.Shard}{(part.Leads ? " (leads)" : "")} {Percent(part.Share)}").ToList();
        if (forecast.Parts.Count > partsMax)
        {
            var rest = forecast.Parts.Skip(partsMax).Sum(part => part.Share);
            parts.Add($"{forecast.Parts.Count - partsMax} more shards {Percent(rest)}");
        }
        parts.Add($"beside all shards {Percent(forecast.BackgroundShare)}");
        screen.WriteLine($"at its peak, {Quantity.Time(forecast.PeakUnixMs)}: {string.Join(", ", parts)}");
        if (forecast.UntrustedShare > 0)
        {
            screen.WriteLine(
                $"{Quantity.Share(forecast.UntrustedShare)} of it is of shards with too little history to trust");
        }
    }

    private static string Percent(double share) =>
        (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Level(double level) => "P" + (level * 100).ToString("0.#", CultureInfo.InvariantCulture);
}
