namespace ShardStore.Balancer.Forecasting;

/// <summary>The few constants of the forecast that acts. The same for every series: they are chosen by replaying real
/// loads of several sources, and docs/forecasting-method.md has the figures.</summary>
internal sealed record ForecastTuning
{
    public static ForecastTuning Default { get; } = new();

    /// <summary>A member of the combination weighs as its loss to this negative power.</summary>
    public double WeightPower { get; init; } = 4;

    /// <summary>A loss halves its weight over so many newer samples: a day at 5 minutes.</summary>
    public double SlowHalfLife { get; init; } = 288;

    /// <summary>The same for the second average, which a level shift or a change of habit reaches in hours.</summary>
    public double FastHalfLife { get; init; } = 36;

    /// <summary>Share of the second average in a member's loss.</summary>
    public double FastShare { get; init; } = 0.3;

    /// <summary>Half-life of the evidence that lets a method act. Unit: samples.</summary>
    public double GateHalfLife { get; init; } = 864;

    /// <summary>Standard errors by which a method must lead the best baseline to take over; half to stay.</summary>
    public double GateErrors { get; init; } = 1;

    /// <summary>Change of the logarithm of a quantile's width for one comparison.</summary>
    public double CoverageRate { get; init; } = 0.012;
}
