namespace ShardStore.Balancer.Learning;

/// <summary>Brings the figures of a context to one scale, so that no unit matters.</summary>
/// <param name="Means">Of each figure, in training.</param>
/// <param name="Deviations">Of each figure, in training; above 0.</param>
public sealed record ContextScale(double[] Means, double[] Deviations)
{
    /// <summary>Figures are held within so many deviations of what was seen in training: a line goes on for
    /// ever.</summary>
    private const double ScaledMax = 3;

    /// <summary>The figures as lines take them, a 1 before them.</summary>
    public double[] Apply(ReadOnlySpan<double> context)
    {
        var scaled = new double[1 + context.Length];
        scaled[0] = 1;
        for (var i = 0; i < context.Length; i++)
        {
            scaled[1 + i] = Math.Clamp((context[i] - Means[i]) / Deviations[i], -ScaledMax, ScaledMax);
        }

        return scaled;
    }
}
