using ShardStore.Simulation.Checks;
using ShardStore.Simulation.Clients;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>The judge itself: planted errors must be found, and what is allowed must pass.</summary>
public sealed class LinearizabilityCheckerTests
{
    public static TheoryData<string, Operation[], CheckResult> Histories => new()
    {
        { "nothing happened", [], CheckResult.Linearizable },
        { "a read sees the write before it", [Set(1, 2, "a"), Get(3, 4, "a")], CheckResult.Linearizable },
        { "a stale read", [Set(1, 2, "a"), Set(3, 4, "b"), Get(5, 6, "a")], CheckResult.Violation },
        { "a lost write", [Set(1, 2, "a"), Get(3, 4, null)], CheckResult.Violation },
        { "a value nobody wrote", [Set(1, 2, "a"), Get(3, 4, "b")], CheckResult.Violation },
        { "a read beside a write sees old", [Set(1, 2, "a"), Set(3, 9, "b"), Get(4, 5, "a")], Good },
        { "a read beside a write sees new", [Set(1, 2, "a"), Set(3, 9, "b"), Get(4, 5, "b")], Good },
        { "new, then old again", [Set(1, 2, "a"), Set(3, 9, "b"), Get(4, 5, "b"), Get(6, 7, "a")], Bad },
        { "an unknown write is seen", [Set(1, Open, "a"), Get(3, 4, "a")], Good },
        { "an unknown write is not seen", [Set(1, Open, "a"), Get(3, 4, null)], Good },
        { "an unknown write is seen late", [Set(1, Open, "a"), Get(3, 4, null), Get(5, 6, "a")], Good },
        { "an unknown write is seen, then gone", [Set(1, Open, "a"), Get(3, 4, "a"), Get(5, 6, null)], Bad },
        { "an unknown write works twice", [Set(1, Open, "a"), Set(3, 4, "b"), Get(5, 6, "a"), Set(7, 8, "c"),
            Get(9, 10, "a")], Bad },
        { "a deleted value", [Set(1, 2, "a"), Delete(3, 4, "1"), Get(5, 6, null)], Good },
        { "a deleted value comes back", [Set(1, 2, "a"), Delete(3, 4, "1"), Get(5, 6, "a")], Bad },
        { "a delete finds nothing", [Set(1, 2, "a"), Delete(3, 4, "0")], Bad },
        { "counting", [Increment(1, 4, "1"), Increment(2, 3, "2")], Good },
        { "a lost increment", [Increment(1, 2, "1"), Increment(3, 4, "1")], Bad },
        { "a doubled increment", [Increment(1, 2, "2")], Bad },
        { "an unknown increment counts", [Increment(1, Open, null), Increment(3, 4, "2")], Good },
        { "an unknown increment counts twice", [Increment(1, Open, null), Increment(3, 4, "3")], Bad },
        { "compare and set", [Set(1, 2, "a"), Swap(3, 4, "a", "b", "ok"), Get(5, 6, "b")], Good },
        { "two swaps of one value", [Set(1, 2, "a"), Swap(3, 6, "a", "b", "ok"), Swap(4, 5, "a", "c", "ok")], Bad },
        { "a swap fails for no reason", [Set(1, 2, "a"), Swap(3, 4, "a", "b", "no")], Bad },
        { "a value expires", [Set(1, 2, "a"), Expire(3, "a"), Get(4, 5, null)], Good },
        { "a value need not expire", [Set(1, 2, "a"), Expire(3, "a"), Get(4, 5, "a")], Good },
        { "a value expires too early", [Set(1, 2, "a"), Get(3, 4, null), Expire(5, "a")], Bad },
        { "an expired value comes back", [Set(1, 2, "a"), Expire(3, "a"), Get(4, 5, null), Get(6, 7, "a")], Bad },
        { "an old expiry takes no new value", [Set(1, 2, "a"), Set(3, 4, "b"), Expire(5, "a"), Get(6, 7, null)], Bad },
    };

    private const long Open = long.MaxValue;
    private const CheckResult Good = CheckResult.Linearizable;
    private const CheckResult Bad = CheckResult.Violation;

    [Theory]
    [MemberData(nameof(Histories))]
    public void Each_history_is_judged_rightly(string name, Operation[] operations, CheckResult expected)
    {
        Assert.Equal((name, expected), (name, LinearizabilityChecker.Check(operations)));
        if (expected == Bad)
            Assert.Contains("no order explains", HistoryText.Of(operations));
    }

    [Fact]
    public void A_search_that_is_given_up_is_no_pass()
    {
        var writes = Enumerable.Range(1, 12).Select(n => Set(n, 100, $"v{n}"));
        var reads = new[] { Get(101, 102, "v1"), Get(103, 104, "v2") };
        Assert.Equal(CheckResult.TimedOut, LinearizabilityChecker.Check([.. writes, .. reads], triesMax: 50));
        Assert.Equal(CheckResult.Violation, LinearizabilityChecker.Check([.. writes, .. reads]));
    }

    private static Operation Get(long called, long returned, string? result) =>
        Of(OperationKind.Get, called, returned, result);

    private static Operation Set(long called, long returned, string value) =>
        Of(OperationKind.Set, called, returned, "OK") with { Value = value };

    private static Operation Delete(long called, long returned, string result) =>
        Of(OperationKind.Delete, called, returned, result);

    private static Operation Increment(long called, long returned, string? result) =>
        Of(OperationKind.Increment, called, returned, result);

    private static Operation Swap(long called, long returned, string expected, string value, string result) =>
        Of(OperationKind.CompareAndSet, called, returned, result) with { Expected = expected, Value = value };

    private static Operation Expire(long called, string value) =>
        Of(OperationKind.Expire, called, Open, null) with { Expected = value };

    private static Operation Of(OperationKind kind, long called, long returned, string? result) =>
        new() { Key = "k", Kind = kind, CalledAt = called, ReturnedAt = returned, Result = result };
}
