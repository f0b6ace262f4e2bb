using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>What was measured, on the grid of the forecast steps.</summary>
internal sealed class MeasuredSteps(long startUnixMs, long stepMs, IReadOnlyList<double?> values)
{
    private const int Reach = 2;

    public static MeasuredSteps Of(SeriesView view) => new(view.StartUnixMs, view.StepSeconds * 1000L, view.Values);

    public long StepMs => stepMs;

    /// <summary>Mean of the step that holds the moment; null where nothing was measured.</summary>
    public double? At(long unixMs)
    {
        var place = (unixMs - startUnixMs) / stepMs;
        return unixMs >= startUnixMs && place < values.Count ? values[(int)place] : null;
    }

    /// <summary>Middle of the step and two neighbours to either side, as the controller takes five seconds of CPU: one
    /// alone may be a collection, or the machine's.</summary>
    public double? SmoothAt(long unixMs)
    {
        var near = Enumerable.Range(-Reach, (2 * Reach) + 1).Select(step => At(unixMs + (step * stepMs)))
            .OfType<double>().Order().ToArray();
        return near.Length > 0 ? near[near.Length / 2] : null;
    }

    /// <summary>Starts of the steps that lie in a time.</summary>
    public IEnumerable<long> Within(TimeRange range)
    {
        for (var at = (range.FromMs + stepMs - 1) / stepMs * stepMs; at + stepMs <= range.ToMs; at += stepMs)
            yield return at;
    }
}

/// <summary>Unix milliseconds; the end does not belong to it.</summary>
internal readonly record struct TimeRange(long FromMs, long ToMs)
{
    public bool Holds(long unixMs) => unixMs >= FromMs && unixMs < ToMs;
}
