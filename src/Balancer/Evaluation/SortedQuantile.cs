namespace ShardStore.Balancer.Evaluation;

/// <summary>The protocol's quantile: linear between order statistics (Hyndman and Fan 1996, type 7).</summary>
internal static class SortedQuantile
{
    public static double At(ReadOnlySpan<double> sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
