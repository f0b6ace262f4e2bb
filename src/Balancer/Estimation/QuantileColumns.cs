namespace ShardStore.Balancer;

/// <summary>Which columns of a forecast serve as median and as upper quantile, and how many sigmas lie between them.
/// Forecasts of one round mostly share their levels, so this is worked out once for many.</summary>
internal sealed class QuantileColumns
{
    private readonly double[] _levels;
    private readonly int _middle;
    private readonly int _upper;
    private readonly double _sigmas;

    private QuantileColumns(double[] levels)
    {
        _levels = levels;
        _middle = Nearest(levels, 0.5);
        _upper = Nearest(levels, 0.9);
        _sigmas = levels[_upper] > levels[_middle] ? Gauss.Sigmas(levels[_upper]) - Gauss.Sigmas(levels[_middle]) : 0;
    }

    public static QuantileColumns Of(double[] levels) => new(levels);

    public bool IsFor(double[] levels) =>
        ReferenceEquals(levels, _levels) || levels.AsSpan().SequenceEqual(_levels);

    public void Deconstruct(out int middle, out int upper, out double sigmas) =>
        (middle, upper, sigmas) = (_middle, _upper, _sigmas);

    private static int Nearest(double[] levels, double wanted)
    {
        var best = 0;
        for (var i = 1; i < levels.Length; i++)
        {
            if (Math.Abs(levels[i] - wanted) < Math.Abs(levels[best] - wanted))
                best = i;
        }
        return best;
    }
}
