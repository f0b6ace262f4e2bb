using System.Diagnostics.CodeAnalysis;
using ShardStore.Balancer;
using ShardStore.Balancer.Learning;

namespace ShardStore.Node.Placement;

/// <summary>The trained agent beside the controller: what to plan with, and what the cluster is to remember. It begins
/// with what the meta group has whenever the policy changes or another node becomes the controller. Owned by one
/// caller at a time.</summary>
internal sealed class LearningInForce
{
    private BalancingPolicy? _policy;
    private KnobTuner? _tuner;
    private LearningRecord? _known;
    private ArmChoice? _told;

    /// <summary>The policy as it is to be planned with.</summary>
    /// <param name="policy">As its owner wrote it.</param>
    /// <param name="stored">What the meta group has.</param>
    public BalancingPolicy Tune(BalancingPolicy policy, LearningRecord? stored)
    {
        if (policy != _policy)
            Begin(policy, stored);
        return _tuner?.Policy ?? policy;
    }

    /// <summary>What the decision of this moment is made from.</summary>
    public void Observe(ClusterSnapshot seen, long nowMs) => _tuner?.Observe(seen, nowMs);

    /// <summary>What is to be remembered, if there is something new.</summary>
    public bool TryTake(long nowMs, [MaybeNullWhen(false)] out SetLearning command)
    {
        command = null;
        if (_tuner is not { Explanation.Length: > 0 } tuner || tuner.State == _known?.State && tuner.Choice == _told)
            return false;
        var choice = new LearningChoice(
            nowMs, tuner.ArmName, tuner.Hand, tuner.Explanation, _policy!.Version);
        var choices = (_known?.Choices ?? []).Add(choice);
        _known = new LearningRecord
        {
            Agent = AgentDocument.ShippedDigest,
            State = tuner.State,
            Choices = [.. choices.TakeLast(LearningRecord.ChoicesKept)],
        };
        _told = tuner.Choice;
        command = new SetLearning(_known);
        return true;
    }

    /// <summary>No longer the controller: another one goes on.</summary>
    public void StepDown() => (_policy, _tuner, _known) = (null, null, null);

    private void Begin(BalancingPolicy policy, LearningRecord? stored)
    {
        // What was proposed last may not be there yet.
        var last = _known ?? stored;
        _known = last is { Format: LearningRecord.FormatNow } && last.Agent == AgentDocument.ShippedDigest
            ? last
            : null;
        // A cluster is balanced without an agent rather than not at all.
        _tuner = policy.Learning != LearningMode.Off && AgentDocument.TryShipped(out var agent, out _)
            ? new KnobTuner(agent, policy, _known?.State ?? new LearningState())
            : null;
        (_policy, _told) = (policy, null);
    }
}
