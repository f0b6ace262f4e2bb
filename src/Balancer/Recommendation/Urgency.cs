namespace ShardStore.Balancer;

/// <summary>0–100 and where the points come from; the terms add up to the score before it is cut to 0–100.</summary>
public readonly record struct Urgency(double Score)
{
    /// <summary>Probability of passing the threshold within the horizon, 0–1. An input, not points.</summary>
    public double OverloadProbability { get; init; }

    /// <summary>How bad the overload would be, 0–1. An input, not points.</summary>
    public double Damage { get; init; }

    /// <summary>What a drain gets whatever the load.</summary>
    public double DrainPoints { get; init; }

    /// <summary>Up to +60: probability × damage.</summary>
    public double RiskPoints { get; init; }

    /// <summary>Up to +40: the same, growing as the time left before the latest start runs out.</summary>
    public double SlackPoints { get; init; }

    /// <summary>Down to −15: time on the wire as a share of the horizon.</summary>
    public double TransferPoints { get; init; }

    /// <summary>Down to −15: client traffic that the move would touch.</summary>
    public double ClientPoints { get; init; }
}
