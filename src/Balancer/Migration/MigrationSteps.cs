namespace ShardStore.Balancer;

/// <summary>The stage machine, pure: plan, status and what is seen → the next status. Each stage has a success, a
/// time-out and an exit; the runner does the work and persists each change before it acts on it.</summary>
public static class MigrationSteps
{
    /// <summary>Behind by no more than that counts as caught up. Unit: milliseconds.</summary>
    public const double CaughtUpLagMs = 200;

    public static MigrationStatus Next(
        MigrationPlan plan, MigrationStatus status, MigrationObservation seen, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(seen);
        if (status.IsEnded)
            return status;
        // First the way on, then the exits: work that is complete is not thrown away for being late.
        if (Onward(plan, status.Stage, seen) is { } next)
            return status.Enter(next, nowMs);
        return Exit(plan, status, seen, nowMs) is { } reason ? Leave(status, reason, nowMs) : status;
    }

    /// <summary>Retiring past its time-out: someone should look, but nothing is undone.</summary>
    public static bool IsOverdue(MigrationPlan plan, MigrationStatus status, long nowMs) =>
        nowMs - status.SinceMs > plan.Timeouts.Of(status.Stage) * 1000;

    private static MigrationStage? Onward(MigrationPlan plan, MigrationStage stage, MigrationObservation seen)
    {
        var isTransfer = plan.Kind == MoveKind.LeaderTransfer;
        return stage switch
        {
            MigrationStage.RollingBack => seen.IsUndone ? MigrationStage.Failed : null,
            MigrationStage.Retiring => seen.IsSourceDeleted && seen.IsHashEqual == true ? MigrationStage.Done : null,
            MigrationStage.SwitchingOver when isTransfer => seen.Leader == plan.To ? MigrationStage.Done : null,
            MigrationStage.SwitchingOver => IsSwitched(plan, seen) ? MigrationStage.Retiring : null,
            _ when seen.IsCancelled => null,
            MigrationStage.Planned => isTransfer ? MigrationStage.SwitchingOver : MigrationStage.Seeding,
            MigrationStage.Seeding => seen.IsSeeded && !seen.IsLogCut ? MigrationStage.CatchingUp : null,
            MigrationStage.CatchingUp when seen.IsLogCut => MigrationStage.Seeding,
            MigrationStage.CatchingUp => seen.LagMs <= CaughtUpLagMs ? MigrationStage.ShiftingReads : null,
            MigrationStage.ShiftingReads =>
                seen.ReadPercent >= 100 && seen.IsLatencyGood ? MigrationStage.SwitchingOver : null,
            _ => null,
        };
    }

    private static bool IsSwitched(MigrationPlan plan, MigrationObservation seen) =>
        seen.IsTargetVoter && !seen.IsSourceMember && !seen.Leader.IsNone && seen.Leader != plan.From;

    /// <summary>Why the stage must be left without success; null to stay.</summary>
    private static string? Exit(MigrationPlan plan, MigrationStatus status, MigrationObservation seen, long nowMs)
    {
        if (status.Stage == MigrationStage.Retiring)
            return null;
        // Once the source has left the group there is nothing to go back to; leadership will settle.
        if (status.Stage == MigrationStage.SwitchingOver && seen.IsTargetVoter && !seen.IsSourceMember)
            return null;
        if (status.Stage != MigrationStage.RollingBack)
        {
            if (seen.IsCancelled)
                return "cancelled";
            if (!seen.IsTargetAlive)
                return $"node {plan.To} (target) is down";
            if (status.Stage == MigrationStage.ShiftingReads && !seen.IsLatencyGood)
                return "reads at the target are too slow";
        }
        var limit = plan.Timeouts.Of(status.Stage);
        return IsOverdue(plan, status, nowMs) ? $"{status.Stage} took longer than {limit:F0} s" : null;
    }

    private static MigrationStatus Leave(MigrationStatus status, string reason, long nowMs) =>
        status.Stage is MigrationStage.Planned or MigrationStage.RollingBack
            ? status.Enter(MigrationStage.Failed, nowMs, reason)
            : status.Enter(MigrationStage.RollingBack, nowMs, reason);
}
