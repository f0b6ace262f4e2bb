using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>One line of a forecast drawn sideways: the band between a low and a high quantile, its middle, what lies
/// far out, what came, and a limit. All rows of a drawing share one scale, from 0 to <paramref name="top"/>.</summary>
internal sealed class BandRow(double top)
{
    public const string Legend = "░ to the highest quantile  ▒ the band  ┃ middle  ● what came  ╎ limit";

    private const int Columns = 48;

    private readonly char[] _cells = [.. Enumerable.Repeat(' ', Columns)];

    public BandRow Fill(double from, double to, char with)
    {
        var (first, last) = (CellOf(from), CellOf(to));
        for (var cell = first; cell <= last; cell++)
            _cells[cell] = with;
        return this;
    }

    public BandRow Mark(double? at, char with)
    {
        if (at is { } value)
            _cells[CellOf(value)] = with;
        return this;
    }

    public Markup Draw() => Screen.Text(new string(_cells).TrimEnd());

    private int CellOf(double value) =>
        top > 0 ? (int)Math.Clamp(Math.Round(value / top * (Columns - 1)), 0, Columns - 1) : 0;
}
