using ShardStore.Simulation.Clients;

namespace ShardStore.Simulation.Checks;

/// <summary>A history that has no explanation, cut to where the trouble begins.</summary>
public static class HistoryText
{
    private const int LinesAround = 25;

    public static string Of(IReadOnlyList<Operation> operations)
    {
        var ordered = operations.OrderBy(operation => operation.CalledAt).ToArray();
        var known = ordered.Where(operation => operation.IsKnown);
        var ends = known.Select(operation => operation.ReturnedAt).Order().ToArray();
        var (good, bad) = (0, ends.Length);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            if (LinearizabilityChecker.Check(Until(ordered, ends[middle - 1])) == CheckResult.Linearizable)
                good = middle;
            else
                bad = middle;
        }
        var last = bad == 0 ? long.MaxValue : ends[bad - 1];
        var shown = ordered.Where(operation => operation.CalledAt <= last).TakeLast(LinesAround);
        var older = ordered.Where(operation => !operation.IsKnown).Except(shown);
        return $"no order explains what returned at {last}; before it:\n"
            + string.Join('\n', older.Concat(shown).Select(operation => $"  {operation}"));
    }

    // What had been seen at a moment: later ends are not known yet.
    private static IEnumerable<Operation> Until(IEnumerable<Operation> operations, long stamp) => operations
        .Where(operation => operation.CalledAt <= stamp)
        .Select(operation => operation.ReturnedAt <= stamp ? operation : operation with { ReturnedAt = long.MaxValue })
        .Where(operation => operation.IsKnown || operation.Kind != OperationKind.Get);
}
