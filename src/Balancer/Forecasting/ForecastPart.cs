namespace ShardStore.Balancer.Forecasting;

/// <summary>What one thing known of a load contributes to its forecast.</summary>
/// <param name="Kind">Growth, window or event.</param>
/// <param name="Name">As the profile names it.</param>
/// <param name="CameTrue">How much of the declared factor acts, as an exponent of it: 1 as declared, which it is
/// before it acted, 0 nothing of it.</param>
/// <param name="Multipliers">What the forecast of each step is multiplied by: a window or an event against the load
/// without it, growth against the last sample.</param>
public sealed record ForecastPart(UsageKind Kind, string Name, double CameTrue, IReadOnlyList<double> Multipliers);
