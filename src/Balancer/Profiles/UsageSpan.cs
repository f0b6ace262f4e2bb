namespace ShardStore.Balancer;

/// <summary>A time in which a factor applies: start included, end not. Unit: Unix seconds.</summary>
internal readonly record struct UsageSpan(long Start, long End, double Factor)
{
    public bool Overlaps(UsageSpan other) => Start < other.End && other.Start < End;
}
