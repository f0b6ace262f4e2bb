namespace ShardStore.Balancer;

/// <summary>The allowed range of every number of a policy, in one table: what <see cref="PolicyDocument"/> refuses,
/// what help texts print and what a tuner may not leave.</summary>
public static class PolicyChecks
{
    public sealed record NumberRange(
        string Path, double Min, double Max, string Unit, Func<BalancingPolicy, double> Read);

    public static readonly IReadOnlyList<NumberRange> Numbers =
    [
        new("$.weights.availability", 0, 10, "", p => p.Weights.Availability),
        new("$.weights.performance", 0, 10, "", p => p.Weights.Performance),
        new("$.weights.cost", 0, 10, "", p => p.Weights.Cost),
        new("$.triggers.threshold", 0.1, 1, "fraction of capacity", p => p.Triggers.Threshold),
        new("$.triggers.horizonMinutes", 0.1, 1440, "minutes", p => p.Triggers.HorizonMinutes),
        new("$.triggers.actQuantile", 0.5, 0.99, "quantile", p => p.Triggers.ActQuantile),
        new("$.triggers.trustQuantile", 0.5, 0.999, "quantile", p => p.Triggers.TrustQuantile),
        new("$.triggers.errorCorrelation", 0, 1, "", p => p.Triggers.ErrorCorrelation),
        new("$.triggers.marginSeconds", 0, 3600, "seconds", p => p.Triggers.MarginSeconds),
        new("$.triggers.atOnceChance", 0, 1, "probability", p => p.Triggers.AtOnceChance),
        new("$.triggers.replicaChance", 0, 1, "probability", p => p.Triggers.ReplicaChance),
        new("$.triggers.urgencyMin", 0, 100, "points", p => p.Triggers.UrgencyMin),
        new("$.triggers.agreeingSamples", 1, 60, "samples", p => p.Triggers.AgreeingSamples),
        new("$.triggers.meanTolerance", 0, 1, "fraction", p => p.Triggers.MeanTolerance),
        new("$.limits.replicaMovesMax", 1, 1000, "moves", p => p.Limits.ReplicaMovesMax),
        new("$.limits.replicaMovesPerNodeMax", 1, 100, "moves", p => p.Limits.ReplicaMovesPerNodeMax),
        new("$.limits.leaderTransfersMax", 1, 1000, "transfers", p => p.Limits.LeaderTransfersMax),
        new("$.limits.bytesPerSecondMax", 65_536, 100e9, "bytes/s", p => p.Limits.BytesPerSecondMax),
        new("$.limits.cooldownSeconds", 0, 86_400, "seconds", p => p.Limits.CooldownSeconds),
        new("$.limits.leaderCooldownSeconds", 0, 86_400, "seconds", p => p.Limits.LeaderCooldownSeconds),
        new("$.limits.reversalCooldowns", 1, 100, "cool-downs", p => p.Limits.ReversalCooldowns),
        new("$.limits.settleSeconds", 0, 3600, "seconds", p => p.Limits.SettleSeconds),
        new("$.limits.gapFractionMax", 0.05, 0.5, "fraction of the gap", p => p.Limits.GapFractionMax),
        new("$.limits.leaderFloor", 0, 1, "fraction of the source", p => p.Limits.LeaderFloor),
        new("$.limits.replicaFloor", 0, 1, "fraction of the source", p => p.Limits.ReplicaFloor),
        new("$.limits.concentrationMax", 0.5, 1, "fraction of the node", p => p.Limits.ConcentrationMax),
        new("$.limits.targetFillMax", 0.1, 1, "fraction", p => p.Limits.TargetFillMax),
        new("$.limits.expirySeconds", 1, 3600, "seconds", p => p.Limits.ExpirySeconds),
        new("$.limits.rowsMax", 1, 1000, "rows", p => p.Limits.RowsMax),
    ];

    /// <summary>Throws <see cref="PolicyException"/> on the first field that is out of its range.</summary>
    public static void Check(BalancingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Version < 0)
            throw new PolicyException("$.version", $"{policy.Version} is not allowed; 0 or more is");
        if (!Enum.IsDefined(policy.Mode))
            throw new PolicyException("$.mode", $"{policy.Mode} is not allowed; off, reactive or predictive is");
        if (!Enum.IsDefined(policy.Execution))
        {
            throw new PolicyException(
                "$.execution", $"{policy.Execution} is not allowed; advise, approve or automatic is");
        }
        if (policy.Preset is { } preset)
            PolicyPresets.Of(preset);
        foreach (var range in Numbers)
            CheckRange(range, range.Read(policy));
        if (policy.Triggers.TrustQuantile < policy.Triggers.ActQuantile)
        {
            throw new PolicyException("$.triggers.trustQuantile",
                $"{policy.Triggers.TrustQuantile} is below actQuantile {policy.Triggers.ActQuantile}; a target must "
                + "be judged at least as strictly as a source");
        }
        CheckLists(policy);
    }

    private static void CheckRange(NumberRange range, double value)
    {
        // Written so that NaN fails too.
        if (value >= range.Min && value <= range.Max)
            return;
        var unit = range.Unit.Length == 0 ? "" : " " + range.Unit;
        throw new PolicyException(range.Path, $"{value} is not allowed; {range.Min} to {range.Max}{unit} is");
    }

    private static void CheckLists(BalancingPolicy policy)
    {
        for (var i = 0; i < policy.PinnedShards.Length; i++)
        {
            var shard = policy.PinnedShards[i];
            if (shard < 1)
                throw new PolicyException($"$.pinnedShards[{i}]", $"{shard} is no shard id; 1 is the first");
        }
        for (var i = 0; i < policy.QuietHours.Length; i++)
        {
            var (start, end) = policy.QuietHours[i];
            if (start is < 0 or > 1439 || end is < 0 or > 1439)
            {
                throw new PolicyException(
                    $"$.quietHours[{i}]", $"{start} to {end} is not allowed; minutes 0 to 1439 are");
            }
        }
        ProfileChecks.Check(policy.Profiles);
    }
}
