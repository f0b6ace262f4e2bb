namespace ShardStore.Cluster.Tests.Soak;

/// <summary>One measured quantity of one node over the soak, and what became of it after the warm-up.</summary>
internal sealed class SoakSeries(string node, string what, IReadOnlyList<(double Seconds, double Value)> points)
{
    private const int PlotColumns = 48;
    private const string Bars = "▁▂▃▄▅▆▇█";

    public string Node => node;
    public string What => what;

    /// <summary>From when on growth counts. Unit: seconds.</summary>
    public required double WarmAt { get; init; }

    /// <summary>The pieces in which it is taken; 0 when there are none.</summary>
    public double Step { get; init; }

    public Trend Trend => Trend.Of([.. points.Where(point => point.Seconds >= WarmAt)]);

    public bool IsFlat => Trend.IsFlat(Step);

    public static string Head => $"{"node",-6}{"what",-14}{"mean",10}{"slope/h",10}{"growth",9}  from start to end";

    public override string ToString() => FormattableString.Invariant(
        $"{node,-6}{what,-14}{Trend.Mean,10:0.0}{Trend.SlopeAnHour,10:0.0}{Trend.Growth,9:P1}  {Plot()}")
        + (IsFlat ? "" : "  GROWS");

    /// <summary>From nothing to the highest value, the mean of the samples behind each column.</summary>
    private string Plot()
    {
        var highest = Math.Max(points.Max(point => point.Value), double.Epsilon);
        var columns = points.Chunk(Math.Max(1, (points.Count + PlotColumns - 1) / PlotColumns))
            .Select(chunk => chunk.Average(point => point.Value) / highest);
        return string.Concat(columns.Select(height => Bars[(int)Math.Round(height * (Bars.Length - 1))]));
    }
}
