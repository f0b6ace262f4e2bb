namespace ShardStore.Balancer.Learning;

/// <summary>One position of every knob, told relative to the policy's own values, so that it means the same under any
/// policy. Triggers may go both ways within <see cref="PolicyChecks"/>; what a policy states as a limit (threshold,
/// rests, numbers of moves, gap) is only ever tightened.</summary>
public sealed record TuningKnobs
{
    public static readonly TuningKnobs Neutral = new();

    /// <summary>Added to the normal score of the acting quantile. Above 0: smaller chances count. Range −2 to 2.
    /// </summary>
    public double ActSigmas { get; init; }

    /// <summary>The same of the trust quantile. Below 0: targets are trusted more. Range −2 to 2.</summary>
    public double TrustSigmas { get; init; }

    /// <summary>Range 0.1–4.</summary>
    public double HorizonFactor { get; init; } = 1;

    /// <summary>Chance from which on a leader transfer does not wait for its deadline. Range 0–1.</summary>
    public double AtOnceFactor { get; init; } = 1;

    /// <summary>Range 0.8–1: nodes may only be kept emptier than the policy asks.</summary>
    public double ThresholdFactor { get; init; } = 1;

    /// <summary>Of both rests. Range 1–3: as long as ended moves are kept for certain.</summary>
    public double CooldownFactor { get; init; } = 1;

    /// <summary>Of all numbers of moves at once. Range 0.1–1.</summary>
    public double ConcurrencyFactor { get; init; } = 1;

    /// <summary>Range 0.1–1.</summary>
    public double GapFactor { get; init; } = 1;

    /// <summary>The policy with its knobs turned. Passes <see cref="PolicyChecks"/> whenever the policy does.</summary>
    public BalancingPolicy Apply(BalancingPolicy policy)
    {
        var (triggers, limits) = (policy.Triggers, policy.Limits);
        var act = Shift("$.triggers.actQuantile", triggers.ActQuantile, ActSigmas);
        return policy with
        {
            Triggers = triggers with
            {
                ActQuantile = act,
                TrustQuantile = Math.Max(act, Shift("$.triggers.trustQuantile", triggers.TrustQuantile, TrustSigmas)),
                HorizonMinutes = Within("$.triggers.horizonMinutes", triggers.HorizonMinutes * HorizonFactor),
                AtOnceChance = Within("$.triggers.atOnceChance", triggers.AtOnceChance * AtOnceFactor),
                Threshold = Math.Min(
                    triggers.Threshold, Within("$.triggers.threshold", triggers.Threshold * ThresholdFactor)),
            },
            Limits = limits with
            {
                CooldownSeconds = Longer("$.limits.cooldownSeconds", limits.CooldownSeconds),
                LeaderCooldownSeconds = Longer("$.limits.leaderCooldownSeconds", limits.LeaderCooldownSeconds),
                ReplicaMovesMax = Fewer(limits.ReplicaMovesMax),
                ReplicaMovesPerNodeMax = Fewer(limits.ReplicaMovesPerNodeMax),
                LeaderTransfersMax = Fewer(limits.LeaderTransfersMax),
                GapFractionMax = Math.Min(
                    limits.GapFractionMax, Within("$.limits.gapFractionMax", limits.GapFractionMax * GapFactor)),
            },
        };
    }

    private static double Shift(string path, double quantile, double sigmas) => sigmas == 0
        ? quantile
        : Within(path, Gauss.TailAbove(0, Gauss.Sigmas(quantile) + sigmas, 1));

    private double Longer(string path, double seconds) =>
        Math.Max(seconds, Within(path, seconds * CooldownFactor));

    private int Fewer(int moves) => Math.Clamp((int)Math.Round(moves * ConcurrencyFactor), 1, moves);

    private static double Within(string path, double value)
    {
        var range = PolicyChecks.Numbers.First(range => range.Path == path);
        return Math.Clamp(value, range.Min, range.Max);
    }
}
