using ShardStore.Balancer;

namespace ShardStore.Node.Demo;

/// <summary>The policy of both runs: the same limits, only the mode differs. Times that belong to the load's own pace
/// (how far ahead to look, how long a shard rests) are steps of the trace, since the replay runs faster than the
/// clock; what belongs to the machine (samples that must agree) stays as it is by default.</summary>
internal static class DemoPolicy
{
    /// <summary>Both act some way below the capacity, as an operator would set it: a node relieved to just under it
    /// crosses it again with the noise of every second, whoever balances.</summary>
    public const double Threshold = 0.75;

    private const int HorizonSteps = 12;
    private const int CooldownSteps = 6;
    private const int LeaderCooldownSteps = 3;
    private const double SettleSeconds = 5;

    /// <summary>A load that doubles from one step to the next leaves no time for second thoughts, and to pass
    /// leadership costs next to nothing here.</summary>
    private const double AtOnceChance = 0.3;

    public static BalancingPolicy Of(Balancer.BalancerMode mode, int stepSeconds) => BalancingPolicy.Default with
    {
        Mode = mode,
        Triggers = BalancingPolicy.Default.Triggers with
        {
            Threshold = Threshold,
            HorizonMinutes = Math.Max(1, HorizonSteps * stepSeconds / 60.0),
            MarginSeconds = stepSeconds,
            AtOnceChance = AtOnceChance,
        },
        Limits = BalancingPolicy.Default.Limits with
        {
            CooldownSeconds = CooldownSteps * stepSeconds,
            LeaderCooldownSeconds = LeaderCooldownSteps * stepSeconds,
            SettleSeconds = SettleSeconds,
        },
    };
}
