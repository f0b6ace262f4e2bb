using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Where tables go: colours and the terminal's width on a terminal, plain and wide in a pipe.</summary>
internal static class Screen
{
    /// <summary>A pipe has no width: wide enough that no row is ever broken.</summary>
    private const int PipeColumns = 500;

    public static IAnsiConsole Open(TextWriter into, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(into),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PipeColumns;
        return console;
    }

    /// <summary>A table without frame: easy to read, and to cut with awk.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns)
        {
            // A trailing '>' marks numbers, which stand at the right.
            var isNumber = column.EndsWith('>');
            var header = new TableColumn(new Markup($"[bold]{Markup.Escape(column.TrimEnd('>'))}[/]"));
            header.Padding = new Padding(0, 0, 2, 0);
            header.NoWrap = true;
            table.AddColumn(isNumber ? header.RightAligned() : header);
        }
        return table;
    }

    /// <summary>Escapes text that others chose (names, reasons), which may hold markup.</summary>
    public static Markup Text(string? text, string style = "")
    {
        var escaped = Markup.Escape(text ?? "-");
        return new Markup(style.Length == 0 ? escaped : $"[{style}]{escaped}[/]");
    }

    public static void Row(this Table table, params Markup[] cells) => table.AddRow(cells);
}
