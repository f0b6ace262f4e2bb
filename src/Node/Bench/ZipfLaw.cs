namespace ShardStore.Node.Bench;

/// <summary>Draws ranks with probability falling as 1 / rank^0.99, by the method of Gray et al., "Quickly generating
/// billion-record synthetic databases" (SIGMOD 1994), as YCSB does. The harmonic sum is exact for the first million
/// ranks and an integral beyond, which changes no probability by more than a millionth.</summary>
internal sealed class ZipfLaw
{
    private const double Theta = 0.99;
    private const long ExactMax = 1_000_000;

    private readonly long _count;
    private readonly double _zeta;
    private readonly double _eta;

    internal ZipfLaw(long count)
    {
        _count = count;
        _zeta = Zeta(count);
        _eta = (1 - Math.Pow(2.0 / count, 1 - Theta)) / (1 - (Zeta(Math.Min(2, count)) / _zeta));
    }

    /// <summary>0 is the most frequent.</summary>
    internal long NextRank(Random random)
    {
        var u = random.NextDouble();
        var scaled = u * _zeta;
        if (scaled < 1)
            return 0;
        if (scaled < 1 + Math.Pow(0.5, Theta))
            return Math.Min(1, _count - 1);
        var rank = (long)(_count * Math.Pow((_eta * u) - _eta + 1, 1 / (1 - Theta)));
        return Math.Clamp(rank, 0, _count - 1);
    }

    private static double Zeta(long count)
    {
        var sum = 0.0;
        for (long i = 1; i <= Math.Min(count, ExactMax); i++)
            sum += Math.Pow(i, -Theta);
        if (count > ExactMax)
            sum += (Math.Pow(count, 1 - Theta) - Math.Pow(ExactMax, 1 - Theta)) / (1 - Theta);
        return sum;
    }
}
