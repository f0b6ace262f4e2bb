using System.Globalization;

namespace ShardStore.Node.Demo;

/// <summary>One run as a picture: the hot node's CPU as bars, dots where it would be if nothing had moved, a line at
/// its capacity, and below what the balancer did when. Lines of Spectre's markup, all equally wide.
/// </summary>
internal sealed class DemoChart
{
    public const int Columns = 50;

    /// <summary>Columns and the scale at their left.</summary>
    public const int Width = Columns + ScaleWidth;

    private const int ScaleWidth = 8;
    private const int Rows = 9;
    private const double RowShare = 0.15;
    private const string Blocks = " ▁▂▃▄▅▆▇";

    private readonly DemoReport _report;
    private readonly DemoRunReport _run;
    private readonly double _secondsAColumn;
    private readonly double[] _cpu;
    private readonly double[] _unmoved;

    public DemoChart(DemoReport report, DemoRunReport run)
    {
        (_report, _run) = (report, run);
        var seconds = report.HotShardDemand.Count;
        _secondsAColumn = Math.Max(1, seconds / (double)Columns);
        _cpu = ByColumn(run.CpuShareByNode[report.HotNode - 1]);
        _unmoved = ByColumn(run.HotNodeUnmoved);
    }

    public IEnumerable<string> Lines()
    {
        yield return $"[bold]{_run.Balancer.PadRight(Width)}[/]";
        for (var row = Rows - 1; row >= 0; row--)
            yield return Scale(row) + string.Concat(Enumerable.Range(0, Columns).Select(column => Cell(row, column)));
        yield return Axis();
        yield return Row("saw it", "yellow", Marks());
        yield return Row("leader", "cyan", Transfers());
        yield return Row("replica", "cyan", ReplicaMoves());
    }

    /// <summary>The mean of what falls into a column; NaN where nothing does.</summary>
    private double[] ByColumn(IReadOnlyList<double> seconds)
    {
        var columns = new double[Columns];
        for (var column = 0; column < Columns; column++)
        {
            columns[column] = Enumerable.Range(0, seconds.Count)
                .Where(second => ColumnOf(second) == column && double.IsFinite(seconds[second]))
                .Select(second => seconds[second]).DefaultIfEmpty(double.NaN).Average();
        }
        return columns;
    }

    private int ColumnOf(double second) => Math.Clamp((int)(second / _secondsAColumn), 0, Columns - 1);

    private static string Scale(int row)
    {
        var percent = Math.Round(row * RowShare * 100);
        return row % 2 == 0
            ? percent.ToString(CultureInfo.InvariantCulture).PadLeft(ScaleWidth - 4) + " % │"[..4]
            : "│".PadLeft(ScaleWidth);
    }

    private string Cell(int row, int column)
    {
        var (low, high) = (row * RowShare, (row + 1) * RowShare);
        var cpu = _cpu[column];
        if (cpu > low)
        {
            var colour = cpu > 1 ? "red" : cpu > DemoRunReport.Ceiling ? "yellow" : "green";
            var full = cpu >= high ? '█' : Blocks[(int)((cpu - low) / RowShare * Blocks.Length)];
            return full == ' ' ? Empty(low, high, column) : $"[{colour}]{full}[/]";
        }
        return Empty(low, high, column);
    }

    private string Empty(double low, double high, int column)
    {
        if (_unmoved[column] >= low && _unmoved[column] < high)
            return "[grey]·[/]";
        return DemoRunReport.Ceiling >= low && DemoRunReport.Ceiling < high ? "[grey]─[/]" : " ";
    }

    private string Axis()
    {
        var axis = new char[Columns];
        Array.Fill(axis, ' ');
        for (var column = 0; column <= Columns - 4; column += 10)
        {
            var text = (column * _secondsAColumn).ToString("F0", CultureInfo.InvariantCulture);
            text.CopyTo(axis.AsSpan(column));
        }
        return "seconds".PadRight(ScaleWidth) + new string(axis);
    }

    private static string Row(string name, string colour, char[] marks) =>
        name.PadRight(ScaleWidth) + $"[{colour}]{new string(marks)}[/]";

    /// <summary>When the controller first wanted to act, and when the overload was due.</summary>
    private char[] Marks()
    {
        var marks = Blank();
        if (_run.OverloadS is { } overload)
            marks[ColumnOf(overload)] = '!';
        if (_run.Notice is { } notice)
            marks[ColumnOf(notice.AtS)] = '◆';
        return marks;
    }

    /// <summary>How many leaderships passed on.</summary>
    private char[] Transfers()
    {
        var marks = Blank();
        foreach (var group in _run.Moves.Where(move => !move.IsReplica).GroupBy(move => ColumnOf(move.StartS)))
            marks[group.Key] = group.Count() > 9 ? '+' : (char)('0' + group.Count());
        return marks;
    }

    private char[] ReplicaMoves()
    {
        var marks = Blank();
        foreach (var move in _run.Moves.Where(move => move.IsReplica))
        {
            var last = ColumnOf(move.EndS ?? _report.HotShardDemand.Count);
            for (var column = ColumnOf(move.StartS); column <= last; column++)
                marks[column] = '═';
        }
        return marks;
    }

    private static char[] Blank()
    {
        var marks = new char[Columns];
        Array.Fill(marks, ' ');
        return marks;
    }
}
