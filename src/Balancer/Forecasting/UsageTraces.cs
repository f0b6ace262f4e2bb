namespace ShardStore.Balancer.Forecasting;

/// <summary>The declared effect of every part of a known usage over a stretch of a series' grid, as logarithms: a row a
/// part, growth last, counted from an origin.</summary>
internal sealed class UsageTraces
{
    private const double DaySeconds = 86_400;

    private readonly double[][] _rows;

    public UsageTraces(KnownUsage usage, double stepSeconds, long origin, long firstStep, int count)
    {
        Count = count;
        _rows = new double[usage.Parts.Count + 1][];
        for (var part = 0; part < _rows.Length; part++)
        {
            _rows[part] = new double[count];
        }

        for (var part = 0; part < usage.Parts.Count; part++)
        {
            usage.Parts[part].Fill(firstStep, stepSeconds, _rows[part]);
        }

        var perStep = usage.LogGrowthPerDay * stepSeconds / DaySeconds;
        for (var i = 0; i < count; i++)
        {
            _rows[^1][i] = perStep * (firstStep + i - origin);
        }
    }

    public int Count { get; }

    public int Parts => _rows.Length;

    public ReadOnlySpan<double> Row(int part) => _rows[part];

    /// <summary>Logarithm of what all parts together multiply by, each as far as it came true.</summary>
    public double Total(ReadOnlySpan<double> cameTrue, int place)
    {
        var sum = 0.0;
        for (var part = 0; part < _rows.Length; part++)
        {
            sum += cameTrue[part] * _rows[part][place];
        }

        return sum;
    }
}
