using ShardStore.Balancer.Learning;
using Xunit;

namespace ShardStore.Balancer.Tests.Learning;

public class TuningKnobsTests
{
    private const int Policies = 300;

    public static TheoryData<string> Arms => new(KnobArm.All.Select(arm => arm.Name));

    [Fact]
    public void The_first_arm_is_the_policy_itself() =>
        Assert.Equal(BalancingPolicy.Default, KnobArm.All[0].Knobs.Apply(BalancingPolicy.Default));

    [Fact]
    public void Every_other_arm_changes_something_and_no_two_are_alike()
    {
        var tuned = KnobArm.All.Select(arm => arm.Knobs.Apply(BalancingPolicy.Default)).ToList();
        Assert.Equal(tuned.Count, tuned.Distinct().Count());
        Assert.Equal(KnobArm.All.Count, KnobArm.All.Select(arm => arm.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Arms))]
    public void No_arm_leaves_the_allowed_ranges_or_loosens_a_limit_under_any_policy(string name)
    {
        var arm = KnobArm.All.Single(arm => arm.Name == name);
        foreach (var policy in AnyPolicies())
        {
            var tuned = arm.Knobs.Apply(policy);
            PolicyChecks.Check(tuned);
            Assert.True(tuned.Triggers.Threshold <= policy.Triggers.Threshold);
            Assert.True(tuned.Limits.CooldownSeconds >= policy.Limits.CooldownSeconds);
            Assert.True(tuned.Limits.LeaderCooldownSeconds >= policy.Limits.LeaderCooldownSeconds);
            Assert.True(tuned.Limits.ReplicaMovesMax <= policy.Limits.ReplicaMovesMax);
            Assert.True(tuned.Limits.ReplicaMovesPerNodeMax <= policy.Limits.ReplicaMovesPerNodeMax);
            Assert.True(tuned.Limits.LeaderTransfersMax <= policy.Limits.LeaderTransfersMax);
            Assert.True(tuned.Limits.GapFractionMax <= policy.Limits.GapFractionMax);
            // Nothing else is a knob.
            Assert.Equal(policy, tuned with
            {
                Triggers = tuned.Triggers with
                {
                    Threshold = policy.Triggers.Threshold,
                    ActQuantile = policy.Triggers.ActQuantile,
                    TrustQuantile = policy.Triggers.TrustQuantile,
                    HorizonMinutes = policy.Triggers.HorizonMinutes,
                    AtOnceChance = policy.Triggers.AtOnceChance,
                },
                Limits = tuned.Limits with
                {
                    CooldownSeconds = policy.Limits.CooldownSeconds,
                    LeaderCooldownSeconds = policy.Limits.LeaderCooldownSeconds,
                    ReplicaMovesMax = policy.Limits.ReplicaMovesMax,
                    ReplicaMovesPerNodeMax = policy.Limits.ReplicaMovesPerNodeMax,
                    LeaderTransfersMax = policy.Limits.LeaderTransfersMax,
                    GapFractionMax = policy.Limits.GapFractionMax,
                },
            });
        }
    }

    [Fact]
    public void Smaller_chances_count_where_the_acting_quantile_goes_up()
    {
        var tuned = new TuningKnobs { ActSigmas = 0.5 }.Apply(BalancingPolicy.Default);
        Assert.InRange(tuned.Triggers.ActQuantile, 0.95, 0.97);
        Assert.True(tuned.Triggers.TrustQuantile >= tuned.Triggers.ActQuantile);
    }

    /// <summary>The presets, and policies with every number at an end of its range or somewhere between.</summary>
    private static IEnumerable<BalancingPolicy> AnyPolicies()
    {
        yield return BalancingPolicy.Default;
        foreach (var preset in PolicyPresets.Names)
            yield return PolicyPresets.Of(preset);
        var random = new Random(5);
        for (var i = 0; i < Policies; i++)
        {
            var act = Draw(random, 0.5, 0.99);
            yield return new BalancingPolicy
            {
                Triggers = new TriggerRules
                {
                    Threshold = Draw(random, 0.1, 1),
                    ActQuantile = act,
                    TrustQuantile = Draw(random, act, 0.999),
                    HorizonMinutes = Draw(random, 0.1, 1440),
                    AtOnceChance = Draw(random, 0, 1),
                },
                Limits = new MoveLimits
                {
                    CooldownSeconds = Draw(random, 0, 86_400),
                    LeaderCooldownSeconds = Draw(random, 0, 86_400),
                    ReplicaMovesMax = (int)Draw(random, 1, 1000),
                    ReplicaMovesPerNodeMax = (int)Draw(random, 1, 100),
                    LeaderTransfersMax = (int)Draw(random, 1, 1000),
                    GapFractionMax = Draw(random, 0.05, 0.5),
                },
            };
        }
    }

    private static double Draw(Random random, double min, double max) => random.Next(4) switch
    {
        0 => min,
        1 => max,
        _ => min + ((max - min) * random.NextDouble()),
    };
}
