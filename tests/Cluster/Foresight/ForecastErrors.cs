using ShardStore.Cluster.Tests.Nemesis;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Relative errors of forecasts, |said − came| / came, and beside them those of the value that was there when
/// they were made: what cannot beat that has foreseen nothing.</summary>
internal sealed class ForecastErrors
{
    private const double Middle = 0.5;
    private readonly List<double> _said = [];
    private readonly List<double> _stayed = [];

    public int Count => _said.Count;
    public double Median => Percentiles.Of(_said, 50);
    public double MedianIfNothingChanged => Percentiles.Of(_stayed, 50);

    public void Add(ForecastErrors others)
    {
        _said.AddRange(others._said);
        _stayed.AddRange(others._stayed);
    }

    /// <summary>Of each shard's demand, so many steps ahead.</summary>
    /// <param name="forecasts">As the nodes gave them out, one a shard and step.</param>
    /// <param name="came">By shard.</param>
    /// <param name="ahead">From 1.</param>
    /// <param name="range">Made and come true in it.</param>
    public static ForecastErrors OfDemand(
        IEnumerable<ForecastView> forecasts, IReadOnlyDictionary<int, MeasuredSteps> came, int ahead, TimeRange range)
    {
        var errors = new ForecastErrors();
        foreach (var forecast in forecasts)
        {
            var stepMs = (long)(forecast.StepSeconds * 1000);
            var target = forecast.StartUnixMs + ((ahead - 1) * stepMs);
            if (!range.Holds(forecast.StartUnixMs) || target + stepMs > range.ToMs || forecast.Values.Count < ahead)
                continue;
            var series = came[forecast.Shard];
            var median = forecast.Values[ahead - 1][MedianColumn(forecast.Levels)];
            errors.Add(median, series.At(forecast.StartUnixMs - stepMs), series.At(target));
        }
        return errors;
    }

    /// <summary>Of each node's CPU, so many steps ahead, beside the smoothed use.</summary>
    public static ForecastErrors OfUse(
        IEnumerable<NodeForecastView> outlooks, IReadOnlyDictionary<string, MeasuredSteps> came, int ahead,
        TimeRange range)
    {
        var errors = new ForecastErrors();
        foreach (var outlook in outlooks)
        {
            // A step of the outlook begins when it was made, not on the grid: its middle tells which step came.
            var stepMs = (long)(outlook.StepSeconds * 1000);
            var target = outlook.StartUnixMs + ((ahead - 1) * stepMs) + (stepMs / 2);
            if (!range.Holds(outlook.StartUnixMs) || target + stepMs > range.ToMs || outlook.Median.Count < ahead)
                continue;
            errors.Add(outlook.Median[ahead - 1], outlook.Current, came[outlook.Node].SmoothAt(target));
        }
        return errors;
    }

    private void Add(double said, double? before, double? came)
    {
        if (came is not > 0 || before is not { } stayed)
            return;
        _said.Add(Math.Abs(said - came.Value) / came.Value);
        _stayed.Add(Math.Abs(stayed - came.Value) / came.Value);
    }

    private static int MedianColumn(IReadOnlyList<double> levels) =>
        Enumerable.Range(0, levels.Count).MinBy(column => Math.Abs(levels[column] - Middle));
}
