namespace ShardStore.Simulation.Clients;

/// <summary>All operations that may have happened, by key.</summary>
public sealed class History
{
    private readonly SortedDictionary<string, List<Operation>> _byKey = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, List<Operation>> ByKey => _byKey;

    public int Count => _byKey.Values.Sum(list => list.Count);

    public int UnknownCount => _byKey.Values.Sum(list => list.Count(operation => !operation.IsKnown));

    public void Add(Operation operation)
    {
        if (!_byKey.TryGetValue(operation.Key, out var list))
            _byKey[operation.Key] = list = [];
        list.Add(operation);
    }

    /// <summary>It surely did not happen.</summary>
    public void Remove(Operation operation) => _byKey[operation.Key].Remove(operation);
}
