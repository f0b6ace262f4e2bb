namespace ShardStore.Balancer;

/// <summary>A part of predictive balancing that a simulation can leave out, to see what it is worth.</summary>
public enum PredictivePart : byte
{
    /// <summary>Knowing how demand goes on. Without: the last value is expected to stay, with the spread that it was
    /// measured to have over each number of steps.</summary>
    Forecasts = 1,
    /// <summary>Moving in the trough before the deadline, and not yet against a mere chance. Without: each move starts
    /// at once, outside the quiet hours.</summary>
    Trough = 2,
    /// <summary>Counting moves under way as done. Without: nodes are judged by what they hold now. A shard still makes
    /// one move at a time, and limits on how many run hold.</summary>
    InFlight = 3,
    /// <summary>A forecaster acts, and weighs, by what it has been worth on that series. Without: the mean of all
    /// forecasters acts on every series, each with the same weight.</summary>
    Gates = 4,
}

/// <summary>The parts that predictive balancing works with. The product has all of them.</summary>
/// <param name="Without">Those that are left out.</param>
public sealed record PredictiveParts(IReadOnlyList<PredictivePart> Without)
{
    public static readonly PredictiveParts All = new([]);

    public bool Has(PredictivePart part) => !Without.Contains(part);
}
