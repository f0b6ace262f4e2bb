using System.Globalization;
using System.Net;
using System.Text;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>A chart as SVG: axes with round numbers, lines and bands. Colours are the page's (CSS classes). What lies
/// outside the ranges is cut off.</summary>
internal sealed class SvgPlot
{
    private const double Left = 50;
    private const double Right = 14;
    private const double Top = 10;
    private const double Bottom = 38;
    private const int TicksAbout = 5;

    private readonly (double Min, double Max) _x;
    private readonly (double Min, double Max) _y;
    private readonly double _width;
    private readonly double _height;
    private readonly StringBuilder _frame = new();
    private readonly StringBuilder _inside = new();
    private readonly string _label;

    /// <param name="label">What the chart shows, for those who cannot see it.</param>
    /// <param name="size">Unit: pixels at full size.</param>
    /// <param name="x">Range, not empty.</param>
    /// <param name="y">Range, not empty.</param>
    public SvgPlot(string label, (double Width, double Height) size, (double Min, double Max) x,
        (double Min, double Max) y)
    {
        _label = label;
        (_x, _y) = (x, y);
        (_width, _height) = (size.Width - Left - Right, size.Height - Top - Bottom);
    }

    /// <summary>A range that holds all values, and is never empty.</summary>
    public static (double Min, double Max) RangeOf(IEnumerable<double> values)
    {
        var all = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (min, max) = (all.Min(), all.Max());
        var room = max > min ? (max - min) * 0.05 : Math.Max(Math.Abs(max) * 0.1, 1e-9);
        return (min >= 0 ? Math.Max(0, min - room) : min - room, max + room);
    }

    public SvgPlot Axes(string xName, string yName)
    {
        foreach (var tick in Ticks(_x))
        {
            Add(_frame, $"<path class='grid' d='M{X(tick)} {Top}v{_height}'/>");
            Add(_frame, $"<text x='{X(tick)}' y='{Top + _height + 15}' text-anchor='middle'>{Short(tick)}</text>");
        }
        foreach (var tick in Ticks(_y))
        {
            Add(_frame, $"<path class='grid' d='M{Left} {Top + Y(tick)}h{_width}'/>");
            Add(_frame, $"<text x='{Left - 6}' y='{Top + Y(tick) + 4}' text-anchor='end'>{Short(tick)}</text>");
        }
        Add(_frame, $"<text x='{Left + (_width / 2)}' y='{Top + _height + 32}' text-anchor='middle'>{xName}</text>");
        Add(_frame, $"<text transform='translate(11 {Top + (_height / 2)}) rotate(-90)' text-anchor='middle'>")
            .Append(yName).Append("</text>");
        return this;
    }

    /// <summary>Values that are no numbers leave a gap.</summary>
    public SvgPlot Line(IEnumerable<(double X, double Y)> points, string style, string title)
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(y))
            {
                pen = 'M';
                continue;
            }
            Add(path.Append(pen), $"{X(x) - Left} {Y(y)}");
            pen = 'L';
        }
        _inside.Append($"<path class='line {style}' d='{path}'><title>{Escape(title)}</title></path>");
        return this;
    }

    public SvgPlot Band(IReadOnlyList<(double X, double Low, double High)> points, string style, string title)
    {
        var corners = points.Select(point => (point.X, Y: point.High))
            .Concat(points.Reverse().Select(point => (point.X, Y: point.Low)));
        var path = new StringBuilder();
        foreach (var (x, y) in corners)
            Add(path, $"{X(x) - Left},{Y(y)} ");
        _inside.Append($"<polygon class='{style}' points='{path}'><title>{Escape(title)}</title></polygon>");
        return this;
    }

    public SvgPlot Dots(IEnumerable<(double X, double Y)> points, string style)
    {
        foreach (var (x, y) in points)
            Add(_inside, $"<circle class='{style}' cx='{X(x) - Left}' cy='{Y(y)}' r='2.5'/>");
        return this;
    }

    public string Finish()
    {
        var svg = new StringBuilder();
        Add(svg, $"<svg viewBox='0 0 {_width + Left + Right} {_height + Top + Bottom}' role='img' aria-label='");
        svg.Append(Escape(_label)).Append("'>").Append(_frame);
        // A nested image cuts off what leaves it.
        Add(svg, $"<svg x='{Left}' y='{Top}' width='{_width}' height='{_height}'>").Append(_inside);
        return svg.Append("</svg></svg>").ToString();
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static IEnumerable<double> Ticks((double Min, double Max) range)
    {
        var rough = (range.Max - range.Min) / TicksAbout;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        for (var i = Math.Ceiling(range.Min / step); i * step <= range.Max + (step * 1e-9); i++)
            yield return i * step;
    }

    private static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("G4", CultureInfo.InvariantCulture),
    };

    private static StringBuilder Add(StringBuilder into, SvgText text) => into.Append(text.ToString());

    private double X(double value) => Left + ((value - _x.Min) / (_x.Max - _x.Min) * _width);

    /// <summary>From the upper edge of the inside.</summary>
    private double Y(double value) => (_y.Max - value) / (_y.Max - _y.Min) * _height;
}
