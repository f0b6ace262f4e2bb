using System.Globalization;
using System.Text.Json.Nodes;
using ShardStore.Balancer.Learning;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Node.Cli.Evaluate;
using Spectre.Console;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>What training came to: points under the policy's own values, the best arm in hindsight, and the agent that
/// had not seen the load.</summary>
internal static class TrainReport
{
    public static void Print(TrainOutcome outcome, TextWriter output)
    {
        var screen = Screen.Open(output, output == Console.Out && !Console.IsOutputRedirected);
        foreach (var note in outcome.Notes)
            output.WriteLine(note);
        foreach (var reason in outcome.LeftOut)
            output.WriteLine("left out: " + reason);
        output.WriteLine(outcome.Agent.Training);
        screen.Write(Loads(outcome));
        screen.Write(Policies(outcome));
    }

    public static string Json(TrainOutcome outcome)
    {
        var document = new JsonObject
        {
            ["training"] = outcome.Agent.Training,
            ["left_out"] = new JsonArray([.. outcome.LeftOut.Select(reason => JsonValue.Create(reason))]),
            ["notes"] = new JsonArray([.. outcome.Notes.Select(note => JsonValue.Create(note))]),
            ["results"] = new JsonArray([.. outcome.Lines.Select(Line)]),
        };
        return document.ToJsonString(IndentedJson.Options);
    }

    private static JsonObject Line(TrainLine line)
    {
        var arms = new JsonObject();
        for (var arm = 0; arm < KnobArm.All.Count; arm++)
            arms[KnobArm.All[arm].Name] = EvaluateJson.Number(line.Points(arm));
        return new JsonObject
        {
            ["load"] = line.Load,
            ["policy"] = line.Policy.Name,
            ["arms"] = arms,
            ["learned"] = line.JudgedPoints is { } points ? EvaluateJson.Number(points) : null,
            ["falls"] = line.Falls,
        };
    }

    private static Table Loads(TrainOutcome outcome)
    {
        var table = Screen.Table(
            ["load", "policy", "own points>", "best arm", "its change>", "learned>", "taken out of force>"]);
        foreach (var line in outcome.Lines)
        {
            table.Row(
            [
                Screen.Text(line.Load), Screen.Text(line.Policy.Name),
                Screen.Text(line.OwnPoints.ToString("F0", CultureInfo.InvariantCulture)),
                Screen.Text(line.Best.Name), Screen.Text(Share(line.Change(line.Best.Points))),
                Screen.Text(line.JudgedPoints is { } points ? Share(line.Change(points)) : "-"),
                Screen.Text(line.Falls?.ToString(CultureInfo.InvariantCulture) ?? "-"),
            ]);
        }
        return table;
    }

    /// <summary>Means over loads, and the worst load.</summary>
    private static Table Policies(TrainOutcome outcome)
    {
        var table = Screen.Table(["policy", "best arm of each load>", "learned>", "worst load>"]);
        foreach (var lines in outcome.Lines.GroupBy(line => line.Policy.Name))
        {
            var changes = lines.Where(line => line.JudgedPoints is not null)
                .Select(line => line.Change(line.JudgedPoints!.Value)).ToList();
            table.Row(
            [
                Screen.Text(lines.Key), Screen.Text(Share(lines.Average(line => line.Change(line.Best.Points)))),
                Screen.Text(changes.Count > 0 ? Share(changes.Average()) : "-"),
                Screen.Text(changes.Count > 0 ? Share(changes.Max()) : "-"),
            ]);
        }
        return table;
    }

    private static string Share(double change) =>
        (100 * change).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";
}
