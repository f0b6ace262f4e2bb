namespace ShardStore.Balancer;

/// <summary>Two sums over which the past fades alike; their ratio is a mean that follows changes and that one second
/// cannot bend.</summary>
internal struct FadingSum
{
    /// <summary>After that many samples one counts half.</summary>
    private const double HalfLifeSamples = 30;

    private static readonly double s_fade = Math.Pow(0.5, 1 / HalfLifeSamples);
    private double _above;
    private double _below;

    public void Add(double above, double below)
    {
        _above = (_above * s_fade) + above;
        _below = (_below * s_fade) + below;
    }

    /// <summary>Null while nothing below the line has been seen.</summary>
    public readonly double? Ratio => _below > 0 ? _above / _below : null;
}
