namespace ShardStore.Balancer.Forecasting;

/// <summary>The few constants of the forecast that acts. The same for every series: they are chosen by replaying real
/// loads of several sources, and docs/forecasting-method.md has the figures.</summary>
internal sealed record ForecastTuning
{
    public static ForecastTuning Default { get; } = new();

    /// <summary>A member of the combination weighs as its loss to this negative power.</summary>
    public double WeightPower { get; init; } = 20;

    /// <summary>A loss halves its weight over so many newer samples: a day at 5 minutes.</summary>
    public double SlowHalfLife { get; init; } = 288;

    /// <summary>The same for the second average, which a level shift or a change of habit reaches within the hour.
    /// </summary>
    public double FastHalfLife { get; init; } = 9;

    /// <summary>Share of the second average in a member's loss.</summary>
    public double FastShare { get; init; } = 0.3;

    /// <summary>Half-life of the evidence that lets a method act. Unit: samples.</summary>
    public double GateHalfLife { get; init; } = 576;

    /// <summary>Standard errors by which a baseline must lead the last value, and the combination the best baseline,
    /// to take over; half to stay. Few are enough: the combination holds the baselines as members and is seldom much
    /// worse.</summary>
    public double GateErrors { get; init; } = 0.1;

    /// <summary>The same for a single model, which must lead the combination too where that acts. More: the best of a
    /// dozen looks better than it is.</summary>
    public double SingleErrors { get; init; } = 2;

    /// <summary>The least part of a baseline's loss by which it must be beaten: less is worth no change.</summary>
    public double GateMargin { get; init; } = 0.01;

    /// <summary>False: the combination acts on every series, whatever it has been worth there.</summary>
    public bool IsGated { get; init; } = true;

    /// <summary>So many times what it used to lose, and what another loses, a choice must lose lately to give way at
    /// once.</summary>
    public double ShiftFactor { get; init; } = 2.5;

    /// <summary>Change of the logarithm of a quantile's width for one comparison.</summary>
    public double CoverageRate { get; init; } = 0.006;
}
