using ShardStore.Simulation.Checks;
using ShardStore.Simulation.Clients;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>What is wrong with a run's history. A key whose history has no order is put down to the mildest reason that
/// explains it: reads that may be of an earlier time (stale), else acknowledged writes that may not have happened
/// (lost), else writes that happened more than once, or never were (duplicated).</summary>
internal sealed record HistoryVerdict(int Keys, int Lost, int Duplicated, int Stale, int TimedOut)
{
    /// <summary>The histories without an order, for a person to read.</summary>
    public IReadOnlyList<string> Stories { get; init; } = [];

    public bool IsClean => Lost + Duplicated + Stale + TimedOut == 0;

    public static HistoryVerdict Of(IReadOnlyDictionary<string, Operation[]> histories)
    {
        var (lost, duplicated, stale, timedOut) = (0, 0, 0, 0);
        var stories = new List<string>();
        foreach (var (key, operations) in histories)
        {
            var result = LinearizabilityChecker.Check(operations);
            if (result == CheckResult.Linearizable)
                continue;
            if (result == CheckResult.TimedOut)
                timedOut++;
            else if (Holds(operations, WithOldReads))
                stale++;
            else if (Holds(operations, WithDoubtfulWrites))
                lost++;
            else
                duplicated++;
            var gaveUp = result == CheckResult.TimedOut;
            stories.Add($"{key}: {(gaveUp ? "the checker gave up" : HistoryText.Of(operations))}");
        }
        return new HistoryVerdict(histories.Count, lost, duplicated, stale, timedOut) { Stories = stories };
    }

    private static bool Holds(Operation[] operations, Func<Operation, Operation> weaker) =>
        LinearizabilityChecker.Check(operations.Select(weaker)) == CheckResult.Linearizable;

    private static Operation WithOldReads(Operation operation) =>
        operation.Kind == OperationKind.Get ? operation with { CalledAt = 0 } : operation;

    private static Operation WithDoubtfulWrites(Operation operation) =>
        operation.Kind == OperationKind.Get ? operation : operation with { ReturnedAt = long.MaxValue };
}
