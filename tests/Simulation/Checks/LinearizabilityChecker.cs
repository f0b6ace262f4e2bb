using ShardStore.Simulation.Clients;

namespace ShardStore.Simulation.Checks;

public enum CheckResult { Linearizable, Violation, TimedOut }

/// <summary>Is there an order of one key's operations that respects real time and explains every result? After Wing
/// and Gong, with Lowe's memory of what was tried (set of operations done, value). Operations that change nothing are
/// placed as soon as they fit, which never spoils an order; those of unknown outcome are tried last, and may be left
/// out.</summary>
public sealed class LinearizabilityChecker
{
    private readonly Operation[] _operations;
    private readonly HashSet<Position> _tried = [];
    private readonly ulong[] _done;
    private readonly int _triesMax;
    private int _knownLeft;

    private LinearizabilityChecker(IEnumerable<Operation> operations, int triesMax)
    {
        _operations = [.. operations.OrderBy(operation => operation.CalledAt)];
        _done = new ulong[(_operations.Length + 63) / 64];
        _knownLeft = _operations.Count(operation => operation.IsKnown);
        _triesMax = triesMax;
    }

    public static CheckResult Check(IEnumerable<Operation> operations, int triesMax = 500_000)
    {
        var checker = new LinearizabilityChecker(operations, triesMax);
        var found = checker.Search(null);
        if (found)
            return CheckResult.Linearizable;
        return checker._tried.Count >= triesMax ? CheckResult.TimedOut : CheckResult.Violation;
    }

    private bool Search(string? value)
    {
        var placed = PlaceWhatChangesNothing(value);
        if (_knownLeft == 0)
            return true;
        if (_tried.Count < _triesMax && _tried.Add(new Position((ulong[])_done.Clone(), value)))
        {
            foreach (var index in Candidates())
            {
                if (!KeyModel.TryApply(_operations[index], value, out var next))
                    continue;
                Place(index);
                if (Search(next))
                    return true;
                Unplace(index);
            }
        }
        foreach (var index in placed)
            Unplace(index);
        return false;
    }

    private List<int> PlaceWhatChangesNothing(string? value)
    {
        var placed = new List<int>();
        var again = true;
        while (again)
        {
            again = false;
            foreach (var index in Eligible())
            {
                if (!_operations[index].IsKnown || !KeyModel.TryApply(_operations[index], value, out var next)
                    || next != value)
                    continue;
                Place(index);
                placed.Add(index);
                again = true;
            }
        }
        return placed;
    }

    // Those that are known to have happened first: unknown ones are only needed to explain what is seen.
    private List<int> Candidates()
    {
        var all = Eligible();
        var ordered = all.Where(index => _operations[index].IsKnown).OrderBy(index => _operations[index].ReturnedAt);
        return [.. ordered, .. all.Where(index => !_operations[index].IsKnown)];
    }

    // Those not placed that were called before any other unplaced one returned.
    private List<int> Eligible()
    {
        var eligible = new List<int>();
        var firstReturn = long.MaxValue;
        for (var index = 0; index < _operations.Length; index++)
        {
            if (IsPlaced(index))
                continue;
            if (_operations[index].CalledAt > firstReturn)
                break;
            firstReturn = Math.Min(firstReturn, _operations[index].ReturnedAt);
            eligible.Add(index);
        }
        eligible.RemoveAll(index => _operations[index].CalledAt > firstReturn);
        return eligible;
    }

    private bool IsPlaced(int index) => (_done[index / 64] & (1UL << (index % 64))) != 0;

    private void Place(int index)
    {
        _done[index / 64] |= 1UL << (index % 64);
        if (_operations[index].IsKnown)
            _knownLeft--;
    }

    private void Unplace(int index)
    {
        _done[index / 64] &= ~(1UL << (index % 64));
        if (_operations[index].IsKnown)
            _knownLeft++;
    }

    private readonly struct Position(ulong[] done, string? value) : IEquatable<Position>
    {
        private readonly ulong[] _done = done;
        private readonly string? _value = value;

        public bool Equals(Position other) => _value == other._value && _done.AsSpan().SequenceEqual(other._done);

        public override bool Equals(object? obj) => obj is Position other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_value);
            foreach (var word in _done)
                hash.Add(word);
            return hash.ToHashCode();
        }
    }
}
