namespace ShardStore.Simulation.World;

/// <summary>How often things happened. A fault kind that never fired proves nothing.</summary>
public sealed class RunCounters
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> All => _counts;

    public long this[string name] => _counts.GetValueOrDefault(name);

    public void Count(string name, long by = 1) => _counts[name] = _counts.GetValueOrDefault(name) + by;

    public void Add(RunCounters other)
    {
        foreach (var (name, count) in other._counts)
            Count(name, count);
    }
}
