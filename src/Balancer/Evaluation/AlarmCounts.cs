namespace ShardStore.Balancer.Evaluation;

/// <summary>How often a method's alarm and an overload within the next hour met, over origins.</summary>
/// <param name="Hits">Alarm, and the overload came.</param>
/// <param name="FalseAlarms">Alarm, and none came.</param>
/// <param name="Misses">None, and one came.</param>
public readonly record struct AlarmCounts(long Hits, long FalseAlarms, long Misses)
{
    /// <summary>Harmonic mean of precision and recall; null where there was neither an alarm nor an overload.</summary>
    public double? F1 => this == default ? null : 2.0 * Hits / ((2 * Hits) + FalseAlarms + Misses);

    public static AlarmCounts operator +(AlarmCounts left, AlarmCounts right)
        => new(left.Hits + right.Hits, left.FalseAlarms + right.FalseAlarms, left.Misses + right.Misses);

    public static AlarmCounts Add(AlarmCounts left, AlarmCounts right) => left + right;

    internal AlarmCounts With(bool alarm, bool overload)
        => (alarm, overload) switch
        {
            (true, true) => this with { Hits = Hits + 1 },
            (true, false) => this with { FalseAlarms = FalseAlarms + 1 },
            (false, true) => this with { Misses = Misses + 1 },
            _ => this,
        };
}
