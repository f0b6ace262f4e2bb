using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Clients;

/// <summary>What clients do: registers that are read, written, deleted and compared, and counters that are only ever
/// incremented once per request.</summary>
public sealed class OperationDraw(SimulatedWorld world, int registers, int counters)
{
    private const long LifeMsMin = 5;
    private const long LifeMsMax = 2_500;
    private int _lastValue;

    public IEnumerable<string> Registers => Enumerable.Range(1, registers).Select(n => $"r{n}");

    public IEnumerable<string> Keys => Registers.Concat(Enumerable.Range(1, counters).Select(n => $"c{n}"));

    public Operation WriteTo(string key) => new() { Key = key, Kind = OperationKind.Set, Value = NewValue() };

    public Operation Next(ref ulong onceNumber)
    {
        var random = world.Random;
        if (random.Next(registers + counters) >= registers)
            return OnCounter($"c{random.Next(counters) + 1}", ref onceNumber);
        var key = $"r{random.Next(registers) + 1}";
        var choice = random.Next(100);
        return choice switch
        {
            < 45 => new Operation { Key = key, Kind = OperationKind.Get, FromReplica = choice < 20 },
            < 58 => Expiring(key),
            < 75 => new Operation { Key = key, Kind = OperationKind.Set, Value = NewValue() },
            < 87 => new Operation
            {
                Key = key,
                Kind = OperationKind.Set,
                Value = NewValue(),
                OnceNumber = ++onceNumber,
            },
            _ => new Operation { Key = key, Kind = OperationKind.Delete },
        };
    }

    private Operation Expiring(string key) => new()
    {
        Key = key,
        Kind = OperationKind.Set,
        Value = NewValue(),
        LifeMs = world.Between(LifeMsMin, LifeMsMax),
    };

    /// <summary>The compare-and-set that follows a read.</summary>
    public Operation After(Operation read, string version) => new()
    {
        Key = read.Key,
        Kind = OperationKind.CompareAndSet,
        Expected = read.Result,
        ExpectedVersion = version,
        Value = NewValue(),
    };

    private Operation OnCounter(string key, ref ulong onceNumber) => world.Random.Next(3) == 0
        ? new Operation { Key = key, Kind = OperationKind.Get, FromReplica = world.Random.Next(2) == 0 }
        : new Operation { Key = key, Kind = OperationKind.Increment, OnceNumber = ++onceNumber };

    private string NewValue() => $"v{++_lastValue}";
}
