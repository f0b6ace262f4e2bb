using ShardStore.Node.Cli.Ctl;
using Spectre.Console;

namespace ShardStore.Node.Demo;

/// <summary>The report for people: both runs side by side, as pictures and as figures.</summary>
internal static class DemoScreen
{
    private const int GapColumns = 3;

    public static void Draw(DemoReport report, TextWriter output, bool isTerminal)
    {
        var screen = Screen.Open(output, isTerminal);
        screen.WriteLine();
        foreach (var line in DemoText.Head(report))
            screen.WriteLine(line);
        screen.WriteLine();
        DrawCharts(report, screen);
        screen.WriteLine();
        screen.Write(Figures(report));
        screen.WriteLine();
        foreach (var run in new[] { report.Reactive, report.Predictive })
        {
            foreach (var line in DemoText.Moves(run))
                screen.WriteLine(line);
        }
        screen.WriteLine();
        foreach (var line in DemoText.Notes(report))
            screen.WriteLine(line);
        var colour = report.LessTimeOver && report.IsComparable ? "green" : "yellow";
        screen.MarkupLine($"[bold {colour}]{Markup.Escape(report.Verdict)}[/]");
    }

    private static void DrawCharts(DemoReport report, IAnsiConsole screen)
    {
        var reactive = new DemoChart(report, report.Reactive).Lines();
        var predictive = new DemoChart(report, report.Predictive).Lines();
        if (screen.Profile.Width >= (2 * DemoChart.Width) + GapColumns)
        {
            foreach (var (left, right) in reactive.Zip(predictive))
                screen.MarkupLine(left + new string(' ', GapColumns) + right);
            return;
        }
        foreach (var line in reactive.Append("").Concat(predictive))
            screen.MarkupLine(line);
    }

    private static Table Figures(DemoReport report)
    {
        var table = Screen.Table("", "reactive>", "predictive>");
        foreach (var (name, figure) in DemoText.Figures(report))
            table.Row(Screen.Text(name), Screen.Text(figure(report.Reactive)), Screen.Text(figure(report.Predictive)));
        return table;
    }
}
