namespace ShardStore.Balancer;

/// <summary>What the urgency score cares about. Only the ratios between them matter to the order; each 0–10.</summary>
public sealed record ObjectiveWeights
{
    /// <summary>Weight of avoided overload. Default 1. 0 switches urgency off: only drains are proposed.</summary>
    public double Availability { get; init; } = 1;

    /// <summary>Weight of what clients feel while data moves. Default 1.</summary>
    public double Performance { get; init; } = 1;

    /// <summary>Weight of the transfer itself (bytes, link time, double storage). Default 1.</summary>
    public double Cost { get; init; } = 1;
}
