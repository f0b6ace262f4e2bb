namespace ShardStore.Balancer;

/// <summary>
/// Probability that a load passes a limit in any of the steps fed so far. That is more than the chance of the worst
/// single step: a noisy load gets another try at each. Errors of neighbouring steps go together, so it is less than if
/// each were drawn anew. They are taken for a stationary first-order autoregression of normal scores; what is known of
/// a load that has not passed the limit yet is carried on as the mean and variance of a truncated normal
/// (assumed-density filtering, Maybeck 1982, vol. 2, ch. 12), so that a step costs a handful of operations.
/// </summary>
internal struct CrossingChance(double limit)
{
    /// <summary>Correlation of the normal scores of neighbouring steps, measured on real loads
    /// (docs/forecasting-method.md).</summary>
    public const double StepCorrelation = 0.75;

    private const double SurvivalMin = 1e-12;
    private const double VarianceMin = 0.01;

    private double _survival = 1;
    private double _worstStep;

    // Of the last step's normal score, given that the limit was not passed. Before the first step nothing is known.
    private double _scoreMean;
    private double _scoreVariance = 1;

    /// <summary>Never less than that of the worst step, which the approximation could fall a little below.</summary>
    public readonly double Probability => Math.Max(1 - _survival, _worstStep);

    /// <summary>Adds the next step.</summary>
    public void Add(double mean, double sigma)
    {
        var priorMean = StepCorrelation * _scoreMean;
        var priorVariance = 1 + (StepCorrelation * StepCorrelation * (_scoreVariance - 1));
        if (sigma <= 0)
        {
            _survival = mean > limit ? 0 : _survival;
            (_scoreMean, _scoreVariance) = (priorMean, priorVariance);
            return;
        }

        _worstStep = Math.Max(_worstStep, Gauss.TailAbove(limit, mean, sigma));
        var deviation = Math.Sqrt(priorVariance);
        var bound = (((limit - mean) / sigma) - priorMean) / deviation;
        var below = Gauss.TailAbove(0, bound, 1);
        if (below < SurvivalMin)
        {
            _survival = 0;
            return;
        }

        _survival *= below;
        var ratio = Gauss.Density(bound) / below;
        _scoreMean = priorMean - (deviation * ratio);
        _scoreVariance = priorVariance * Math.Max(VarianceMin, 1 - (bound * ratio) - (ratio * ratio));
    }
}
