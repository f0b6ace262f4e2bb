using System.Globalization;
using ShardStore.Balancer;
using ShardStore.Balancer.Simulation;
using ShardStore.Node.Cli.Ctl;
using Spectre.Console;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>The scorecard as a table: a line a trace and strategy, and the sums at the end.</summary>
internal static class SimulateTables
{
    public static void Print(SimulateOutcome outcome, SimulateOptions options, TextWriter output)
    {
        var screen = Screen.Open(output, output == Console.Out && !Console.IsOutputRedirected);
        foreach (var note in outcome.Notes)
            output.WriteLine(note);
        foreach (var reason in outcome.LeftOut)
            output.WriteLine("left out: " + reason);
        output.WriteLine(Title(options));
        screen.Write(TableOf(Lines(outcome)));
    }

    /// <summary>What was simulated, in one sentence.</summary>
    public static string Title(SimulateOptions options)
    {
        var seeds = options.Seeds.Count == 1 ? $"seed {options.Seeds[0]}"
            : $"medians over {options.Seeds.Count} seeds from {options.Seeds[0]}";
        return FormattableString.Invariant($"{options.Rules.Nodes} nodes, {options.Rules.Replicas} replicas, ")
            + FormattableString.Invariant($"mean utilization {options.Rules.Load:0.##}, ")
            + FormattableString.Invariant($"at most {options.Rules.PeakLoad:0.##}, ")
            + FormattableString.Invariant($"threshold {options.Policy.Triggers.Threshold:0.##}, {seeds}")
            + Without(options.Parts);
    }

    private static string Without(PredictiveParts parts) => parts.Without.Count == 0 ? ""
        : "; predictive without " + string.Join(", ", parts.Without.Select(SimulateJson.Word));

    /// <summary>Medians, and the sums where there is more than one trace.</summary>
    public static IReadOnlyList<StrategyScores> Lines(SimulateOutcome outcome)
    {
        var medians = StrategyScores.Medians(outcome.Results);
        return medians.Select(scores => scores.Trace).Distinct().Count() > 1
            ? [.. medians, .. StrategyScores.Totals(medians)]
            : medians;
    }

    public static string Text(SimulateFigure figure, double value) =>
        (value / figure.Unit).ToString("F" + figure.Digits, CultureInfo.InvariantCulture);

    /// <summary>Breach seconds against those of the reactive balancer on the same trace.</summary>
    public static string AgainstReactive(StrategyScores scores, IReadOnlyList<StrategyScores> all)
    {
        var reactive = all.FirstOrDefault(other =>
            other.Trace == scores.Trace && other.Strategy == SimulatedStrategy.Reactive);
        if (reactive is null || reactive == scores || reactive.BreachSeconds <= 0)
            return "-";
        var change = (scores.BreachSeconds / reactive.BreachSeconds) - 1;
        return (100 * change).ToString("+0;-0;0", CultureInfo.InvariantCulture) + " %";
    }

    private static Table TableOf(IReadOnlyList<StrategyScores> lines)
    {
        var table = Screen.Table(
            ["trace", "balancer", "vs. reactive>", .. SimulateFigure.All.Select(figure => figure.Title + ">")]);
        foreach (var scores in lines)
        {
            table.Row(
            [
                Screen.Text(scores.Trace), Screen.Text(SimulateJson.Word(scores.Strategy)),
                Screen.Text(AgainstReactive(scores, lines)),
                .. SimulateFigure.All.Select((figure, i) => Screen.Text(Text(figure, scores.Figures[i]))),
            ]);
        }
        return table;
    }
}
