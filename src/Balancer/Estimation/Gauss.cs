using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace ShardStore.Balancer;

/// <summary>The few normal-distribution figures that a sum of forecast errors needs. Sigma 0 is allowed and means that
/// the value is certain.</summary>
internal static class Gauss
{
    private const double InverseSqrtTwoPi = 0.3989422804014327;

    /// <summary>How many sigmas above the median the quantile lies.</summary>
    public static double Sigmas(double quantile) => Normal.InvCDF(0, 1, quantile);

    /// <summary>Probability that a value exceeds <paramref name="limit"/>.</summary>
    public static double TailAbove(double limit, double mean, double sigma)
    {
        if (sigma <= 0)
            return mean > limit ? 1 : 0;
        return 0.5 * SpecialFunctions.Erfc((limit - mean) / (sigma * Constants.Sqrt2));
    }

    /// <summary>Density of the standard normal.</summary>
    public static double Density(double x) => InverseSqrtTwoPi * Math.Exp(-0.5 * x * x);

    /// <summary>Mean of what lies above <paramref name="limit"/>, 0 counted for what does not. Convex in the mean, so
    /// it falls with every bit of load that leaves even while the breach itself stays certain.</summary>
    public static double MeanExcess(double limit, double mean, double sigma)
    {
        var excess = mean - limit;
        if (sigma <= 0 || excess > 8 * sigma)
            return Math.Max(0, excess);
        if (excess < -8 * sigma)
            return 0;
        var k = excess / sigma;
        return (sigma * Density(k)) + (excess * TailAbove(limit, mean, sigma));
    }
}
