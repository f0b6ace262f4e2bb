namespace ShardStore.Balancer.Evaluation;

/// <summary>Takes the forecast made at one origin.</summary>
/// <param name="origin">Index of the last value known to it.</param>
/// <param name="values">Valid during the call. Of a point method one value a step; else steps × levels, as in
/// <see cref="QuantileForecast.Values"/>.</param>
internal delegate void ForecastTaker(int origin, ReadOnlySpan<double> values);

/// <summary>A method under evaluation that looks at one series at a time.</summary>
/// <param name="name">As tables show it.</param>
/// <param name="isPoint">Whether its quantiles come from its errors on the calibration origins; else it brings its
/// own.</param>
/// <param name="cost">Rough time of a forecast, naive = 1; only the time left that is shown depends on it.</param>
public abstract class EvaluationMethod(string name, bool isPoint, int cost)
{
    public string Name { get; } = name;

    public bool IsPoint { get; } = isPoint;

    public int Cost { get; } = cost;

    /// <summary>Forecasts at every origin, in order.</summary>
    internal abstract void Run(ProtocolTask task, OriginRange origins, ForecastTaker take);
}
