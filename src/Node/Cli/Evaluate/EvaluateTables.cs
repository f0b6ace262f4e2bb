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

    private static Table TableOf(SetScores set)
    {
        var table = Screen.Table(["method", .. EvaluateColumn.All.Select(column => column.Name + ">")]);
        foreach (var method in set.Methods)
        {
            table.Row([Screen.Text(method.Method), .. EvaluateColumn.All.Select(column => Screen.Text(
                column.Text(method), column.IsBest(method, set) ? "bold" : ""))]);
        }
        return table;
    }
}
