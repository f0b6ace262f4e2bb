using ShardStore.Simulation.Clients;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>What all clients of a run asked and heard, merged: their clocks are the machine's one monotonic clock.
/// </summary>
internal sealed class SharedHistory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Operation>> _byKey = [];
    private long _operations;
    private long _acknowledged;
    private long _unknown;

    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Writes that were answered, conditions that did not hold included.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Writes of which nobody knows whether they happened.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public void Add(Operation operation)
    {
        Interlocked.Increment(ref _operations);
        if (!operation.IsKnown)
            Interlocked.Increment(ref _unknown);
        else if (operation.Kind != OperationKind.Get)
            Interlocked.Increment(ref _acknowledged);
        lock (_gate)
        {
            if (!_byKey.TryGetValue(operation.Key, out var list))
                _byKey[operation.Key] = list = [];
            list.Add(operation);
        }
    }

    public IReadOnlyDictionary<string, Operation[]> ByKey()
    {
        lock (_gate)
            return _byKey.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }
}
