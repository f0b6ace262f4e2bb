using System.Globalization;
using ShardStore.Balancer.Evaluation;
using ShardStore.Node.Cli.Ctl;
using Spectre.Console;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The scores as tables, one a set.</summary>
internal static class EvaluateTables
{
    private const int ReasonsMax = 20;

    public static void Print(IReadOnlyList<SetScores> sets, EvaluateOptions options, TextWriter output)
    {
        var screen = Screen.Open(output, output == Console.Out && !Console.IsOutputRedirected);
        if (options.Stride > 1)
            output.WriteLine($"Every {options.Stride}th origin only: not the protocol, which takes all.");
        foreach (var set in sets)
        {
            output.WriteLine();
            output.WriteLine(Title(set));
            screen.Write(TableOf(set));
            foreach (var reason in set.LeftOut.Take(ReasonsMax))
                output.WriteLine($"  left out: {reason}");
            if (set.LeftOut.Count > ReasonsMax)
                output.WriteLine($"  left out: {set.LeftOut.Count - ReasonsMax} more");
        }
    }

    /// <summary>The name of a set and how many series it has.</summary>
    public static string Title(SetScores set)
    {
        var title = $"{set.Set}: {set.SeriesCount} series";
        if (set.UnmovedCount > 0)
            title += $", {set.UnmovedCount} without relative figures (naive makes no error)";
        return set.LeftOut.Count > 0 ? $"{title}, {set.LeftOut.Count} left out" : title;
    }

    /// <summary>Columns of a table, as all forms of it name them.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "relM 1", "relM 6", "relM 12", "relM 30", "MASE 12", "pinball 12", "cover 12", "F1 point", "F1 q90", "lead",
        "recall", "hot",
    ];

    /// <summary>A row of it.</summary>
    public static IReadOnlyList<string> Cells(MethodScores method) =>
    [
        .. EvaluateJson.Horizons.Select(horizon => Text(method.RelativeErrorsTo[horizon - 1], "F3")),
        Text(method.Error, "F3"), Text(method.Pinball, "F3"), Text(method.Covered, "F3"),
        Text(method.PointF1Quiet, "F3"), Text(method.HighF1Quiet, "F3"), Text(method.HighLead, "F2"),
        Text(method.HighRecall, "F3"), Text(method.HotHit, "F3"),
    ];

    private static Table TableOf(SetScores set)
    {
        var table = Screen.Table(["method", .. Columns.Select(column => column + ">")]);
        foreach (var method in set.Methods)
            table.Row([Screen.Text(method.Method), .. Cells(method).Select(cell => Screen.Text(cell))]);
        return table;
    }

    private static string Text(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
