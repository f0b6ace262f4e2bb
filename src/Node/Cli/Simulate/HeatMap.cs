using System.Globalization;
using System.Net;
using System.Text;
using ShardStore.Balancer;
using ShardStore.Balancer.Simulation;
using ShardStore.Node.Cli.Evaluate;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>Nodes × time as SVG: the darker, the fuller; above the threshold in another colour. Moves are marked on the
/// row of the node that gives: a bar for a replica, a dot for a leader.</summary>
internal static class HeatMap
{
    /// <summary>Rows drawn: of a large cluster every so manieth node.</summary>
    private const int RowsMax = 40;

    private const double Left = 40;
    private const double Bottom = 20;
    private const double Width = 1060;
    private const double RowHeight = 14;

    /// <summary>Steps of shade up to the threshold; what is above has a class of its own.</summary>
    private const int Shades = 8;

    /// <summary>Classes of the cells, for the page's style sheet.</summary>
    public const string Style = """
        .u0{fill-opacity:.04}.u1{fill-opacity:.1}.u2{fill-opacity:.17}.u3{fill-opacity:.25}.u4{fill-opacity:.34}
        .u5{fill-opacity:.45}.u6{fill-opacity:.58}.u7{fill-opacity:.72}.u8{fill:#e8912d}.u9{fill:#d6336c}
        .heat rect{fill:#2f6fd0}.heat .u8{fill:#e8912d}.heat .u9{fill:#d6336c}
        .replica{fill:var(--ink)}.leader{fill:none;stroke:var(--ink)}
        """;

    public static string Of(SimulationTimeline timeline, double threshold, string label)
    {
        var nodes = timeline.Loads.Count;
        var stride = (nodes + RowsMax - 1) / RowsMax;
        var rows = (nodes + stride - 1) / stride;
        var height = rows * RowHeight;
        var svg = new StringBuilder();
        Add(svg, $"<svg viewBox='0 0 {Left + Width} {height + Bottom}' role='img' aria-label='");
        svg.Append(WebUtility.HtmlEncode(label)).Append("'>");
        for (var row = 0; row < rows; row++)
        {
            Add(svg, $"<text x='{Left - 6}' y='{(row * RowHeight) + 11}' text-anchor='end'>");
            Add(svg, $"n{(row * stride) + 1.0}</text><g class='heat'>");
            AddRow(svg, timeline.Loads[row * stride], row, threshold);
            svg.Append("</g>");
        }
        foreach (var move in timeline.Moves.Where(move => move.From % stride == 0))
            AddMove(svg, move, move.From / stride, timeline.Hours);
        AddHours(svg, timeline.Hours, height);
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Neighbours of one shade make one rectangle.</summary>
    private static void AddRow(StringBuilder svg, IReadOnlyList<float> loads, int row, double threshold)
    {
        var width = Width / loads.Count;
        for (var start = 0; start < loads.Count;)
        {
            var shade = Shade(loads[start], threshold);
            var end = start + 1;
            while (end < loads.Count && Shade(loads[end], threshold) == shade)
                end++;
            Add(svg, $"<rect class='u{(double)shade}' x='{Left + (start * width)}' y='{row * RowHeight}' ");
            Add(svg, $"width='{(end - start) * width}' height='{RowHeight - 1}'/>");
            start = end;
        }
    }

    private static int Shade(double load, double threshold) =>
        load > 1 ? Shades + 1 : load > threshold ? Shades : (int)Math.Min(Shades - 1, load / threshold * Shades);

    private static void AddMove(StringBuilder svg, MoveMark move, int row, double hours)
    {
        var x = Left + (move.Hours / hours * Width);
        var y = row * RowHeight;
        var hour = move.Hours.ToString("0.0", CultureInfo.InvariantCulture);
        if (move.Kind == MoveKind.ReplicaMove)
            Add(svg, $"<rect class='replica' x='{x - 0.8}' y='{y}' width='1.6' height='{RowHeight - 1}'>");
        else
            Add(svg, $"<circle class='leader' cx='{x}' cy='{y + (RowHeight / 2)}' r='2.5'>");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{hour} h, n{move.From + 1} to n{move.To + 1}</title>")
            .Append(move.Kind == MoveKind.ReplicaMove ? "</rect>" : "</circle>");
    }

    private static void AddHours(StringBuilder svg, double hours, double height)
    {
        var step = hours switch { <= 12 => 1, <= 48 => 4, <= 24 * 7 => 24, _ => 48 };
        for (var hour = 0; hour <= hours; hour += step)
        {
            Add(svg, $"<text x='{Left + (hour / hours * Width)}' y='{height + 14}' text-anchor='middle'>");
            Add(svg, $"{(double)hour} h</text>");
        }
    }

    private static void Add(StringBuilder into, SvgText text) => into.Append(text.ToString());
}
