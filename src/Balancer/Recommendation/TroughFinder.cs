namespace ShardStore.Balancer;

/// <summary>When the chance that the load has passed the threshold is one to act on, if ever, and whether it is so
/// likely to pass it that nothing is gained by waiting.</summary>
internal readonly record struct Breach(long? AtMs, bool IsLikely)
{
    public static readonly Breach None = new(null, false);
}

/// <summary>Plan for the peak, move in the trough. Against a mere chance of overload a move waits until its deadline:
/// by then the forecast may have changed its mind, and a move not made is the cheapest of all. Where overload is nearly
/// certain, a replica starts in the calmest stretch of its shard's forecast of all that still end before the breach; a
/// leader transfer moves no bytes and starts at once: else the replica moves planned after it would start in its place,
/// and they are the dear ones.</summary>
internal static class TroughFinder
{
    /// <summary>A later start must be that much calmer than now to be worth the wait.</summary>
    private const double WorthWaiting = 0.85;

    /// <summary>Starts that are nearly as calm as the calmest count as equal; the earliest of them wins.</summary>
    private const double NearlyEqual = 1.05;

    public static MoveSchedule Find(Round round, MoveCandidate move, TransferCost cost, Breach breach)
    {
        var now = round.NowMs;
        if (breach.AtMs is not { } breachMs)
            return new MoveSchedule(now, null, true, ImpactAt(round, move, cost, now));
        var moveMs = (long)(cost.Seconds * 1000);
        var deadline = breachMs - moveMs - (long)(round.Policy.Triggers.MarginSeconds * 1000);
        var start = now;
        if (round.Strategy.MayWait && deadline > now)
        {
            start = !breach.IsLikely ? deadline
                : move.Kind == MoveKind.ReplicaMove ? CalmestStart(round, move, cost, deadline) : now;
            start = AfterQuietHours(round, move, start, deadline);
        }
        return new MoveSchedule(start, deadline, start + moveMs <= breachMs, ImpactAt(round, move, cost, start));
    }

    private static long CalmestStart(Round round, MoveCandidate move, TransferCost cost, long deadline)
    {
        var stepMs = Math.Max(1, (long)(round.State.Grid.StepSeconds * 1000));
        var calmest = Ops(round, move, cost, round.NowMs);
        var limit = calmest * WorthWaiting;
        for (var start = round.NowMs + stepMs; start <= deadline; start += stepMs)
            calmest = Math.Min(calmest, Ops(round, move, cost, start));
        if (calmest > limit)
            return round.NowMs;
        for (var start = round.NowMs; start <= deadline; start += stepMs)
        {
            if (Ops(round, move, cost, start) <= calmest * NearlyEqual)
                return start;
        }
        return round.NowMs;
    }

    /// <summary>The first start outside the quiet hours, if there is one before the deadline; else the start as it is:
    /// an overload is worse than a disturbed night.</summary>
    private static long AfterQuietHours(Round round, MoveCandidate move, long start, long deadline)
    {
        if (move.Kind == MoveKind.LeaderTransfer)
            return start;
        for (var later = start; later <= deadline; later += 60_000)
        {
            if (!MoveFilters.IsQuiet(round.Policy, later))
                return later;
        }
        return start;
    }

    private static ClientImpact ImpactAt(Round round, MoveCandidate move, TransferCost cost, long start)
    {
        var ops = Ops(round, move, cost, start);
        var mean = 0.0;
        foreach (var step in round.State.Grid.Median(move.Shard))
            mean += step / round.State.Grid.Steps;
        var rate = ops / cost.Seconds;
        return new ClientImpact(ops, mean > 0 ? rate / mean : 0);
    }

    /// <summary>Median ops of the shard while the move runs; the last step holds beyond the grid.</summary>
    private static double Ops(Round round, MoveCandidate move, TransferCost cost, long startMs)
    {
        var grid = round.State.Grid;
        var median = grid.Median(move.Shard);
        var at = (startMs - round.NowMs) / 1000.0;
        var (left, ops) = (cost.Seconds, 0.0);
        for (var step = (int)Math.Min(at / grid.StepSeconds, grid.Steps - 1); left > 0; step++)
        {
            var isLast = step >= grid.Steps - 1;
            var stepEnd = (step + 1) * grid.StepSeconds;
            var seconds = isLast ? left : Math.Min(left, stepEnd - at);
            ops += seconds * median[Math.Min(step, grid.Steps - 1)];
            at += seconds;
            left -= seconds;
        }
        return ops;
    }
}
