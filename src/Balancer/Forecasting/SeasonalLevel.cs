namespace ShardStore.Balancer.Forecasting;

/// <summary>Weights of additive Holt-Winters smoothing, each 0 to 1. <paramref name="Trend"/> 0: no trend.
/// </summary>
/// <param name="Level">α: how much of an error moves the level.</param>
/// <param name="Trend">β: how much of a change of level moves the trend.</param>
/// <param name="Season">γ: how much of an error moves the time of day it fell on.</param>
/// <param name="Damping">φ: what is left of the trend after a step.</param>
internal readonly record struct SmoothingWeights(double Level, double Trend, double Season, double Damping);

/// <summary>
/// The recursion of additive Holt-Winters smoothing with a damped trend, in error form (Hyndman et al., "Forecasting
/// with Exponential Smoothing", 2008, table 2.1): with e the one-step error, level' = level + φ trend + α e,
/// trend' = φ trend + α β e, season' = season + γ e. Owns its season: a copy continues on its own.
/// </summary>
internal struct SeasonalLevel(SmoothingWeights weights, double level, double trend, double[] season)
{
    private readonly double[] _season = season;
    private double _level = level;
    private double _trend = trend;

    // Place in the season of the next value.
    private int _next;

    /// <summary>Starts before the first value: the mean of the first season for the level, no trend, and the mean
    /// shape of the first two for the season.</summary>
    /// <param name="values">Two seasons or more.</param>
    public static SeasonalLevel Start(SmoothingWeights weights, ReadOnlySpan<double> values, int seasonSteps)
    {
        var first = Mean(values[..seasonSteps]);
        var second = Mean(values.Slice(seasonSteps, seasonSteps));
        var season = new double[seasonSteps];
        for (var i = 0; i < seasonSteps; i++)
        {
            season[i] = (values[i] - first + values[seasonSteps + i] - second) / 2;
        }

        return new SeasonalLevel(weights, first, 0, season);
    }

    public readonly int SeasonSteps => _season.Length;

    public readonly double Level => _level;

    public readonly void CopySeason(Span<double> season) => _season.CopyTo(season);

    public readonly SeasonalLevel Copy()
        => new(weights, _level, _trend, (double[])_season.Clone()) { _next = _next };

    public void Observe(double value)
    {
        var damped = weights.Damping * _trend;
        var error = value - _level - damped - _season[_next];
        _level += damped + (weights.Level * error);
        _trend = damped + (weights.Level * weights.Trend * error);
        _season[_next] += weights.Season * error;
        _next = _next + 1 == _season.Length ? 0 : _next + 1;
    }

    public readonly void Trace(Span<double> path)
    {
        var (rise, level, place) = (_trend, _level, _next);
        for (var step = 0; step < path.Length; step++)
        {
            rise *= weights.Damping;
            level += rise;
            path[step] = level + _season[place];
            place = place + 1 == _season.Length ? 0 : place + 1;
        }
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value / values.Length;
        }

        return sum;
    }
}
