namespace ShardStore.Cluster.Tests.Soak;

/// <summary>A straight line through measured values by least squares: how fast they grow, beside their mean.</summary>
internal sealed record Trend(double Mean, double SlopeAnHour, double Hours)
{
    /// <summary>What a restless but bounded series may show over the time measured, as a part of its mean.</summary>
    private const double GrowthMax = 0.1;

    /// <summary>Over the time measured, as a part of the mean.</summary>
    public double Growth => Mean > 0 ? SlopeAnHour * Hours / Mean : 0;

    /// <summary>Shrinking is no leak, nor is one more of the <paramref name="step"/>s in which something is taken.
    /// </summary>
    public bool IsFlat(double step) => Growth <= GrowthMax || SlopeAnHour * Hours <= step;

    /// <param name="points">Seconds and values, at least two of different time.</param>
    public static Trend Of(IReadOnlyList<(double Seconds, double Value)> points)
    {
        var at = points.Average(point => point.Seconds);
        var mean = points.Average(point => point.Value);
        var spread = points.Sum(point => (point.Seconds - at) * (point.Seconds - at));
        var shared = points.Sum(point => (point.Seconds - at) * (point.Value - mean));
        return new Trend(mean, shared / spread * 3600, (points[^1].Seconds - points[0].Seconds) / 3600);
    }
}
