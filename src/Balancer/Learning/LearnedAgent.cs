namespace ShardStore.Balancer.Learning;

/// <summary>
/// A contextual bandit with few arms: for every arm, how much it costs less or more than the policy's own values in the
/// hours after, as a straight line in the context (as in LinUCB, Li et al. 2010, sec. 3.1). How sure that is, is told
/// by an ensemble, each member fitted with other weights of the loads it was learnt on (Eckles and Kaptein 2014,
/// "Thompson sampling with the online bootstrap"). Learnt from loads that are no longer there, so it is pessimistic
/// where LinUCB is curious: an arm has to be better by more than the doubt (Jin, Yang and Wang 2021, "Is pessimism
/// provably efficient for offline RL?").
/// Parts of the objective are learnt apart and put together by the weights of the policy in force: one agent serves
/// every policy.
/// </summary>
public sealed record LearnedAgent
{
    /// <summary>Doubt that an advantage must exceed. Unit: deviations of the ensemble.</summary>
    public const double DoubtDeviations = 2;

    /// <summary>Smallest sure advantage that is worth leaving the policy's own values. Unit: share of their cost.
    /// </summary>
    public const double GainMin = 0.01;

    /// <summary>What another arm must be better by than the one in force. Unit: share of cost.</summary>
    private const double SwitchGain = 0.02;

    /// <summary>How and on what it was trained, for people.</summary>
    public required string Training { get; init; }

    public required ContextScale Scale { get; init; }

    /// <summary>Points a node and interval that the policy's own values cost: what the guard expects.</summary>
    public required LinearValues OwnCost { get; init; }

    /// <summary>Names of the arms it knows, of <see cref="KnobArm.All"/>, the policy itself first.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>By arm, then member: cost less that of the policy's own values, as a share of theirs. Of the first arm
    /// it is nought and not read.</summary>
    public required IReadOnlyList<IReadOnlyList<LinearValues>> Advantages { get; init; }

    /// <summary>What is expected of an arm.</summary>
    public ArmEstimate Estimate(int arm, ReadOnlySpan<double> scaled, ObjectiveWeights weights)
    {
        if (arm == 0)
        {
            return default;
        }

        double sum = 0, squares = 0;
        var members = Advantages[arm];
        foreach (var member in members)
        {
            var change = member.At(scaled).Points(weights);
            sum += change;
            squares += change * change;
        }

        var mean = sum / members.Count;
        return new ArmEstimate(mean, Math.Sqrt(Math.Max(0, (squares / members.Count) - (mean * mean))));
    }

    /// <summary>The arm with the largest sure advantage.</summary>
    /// <param name="context">Figures of <see cref="ClusterContext"/>.</param>
    /// <param name="weights">Of the policy in force.</param>
    /// <param name="state">What was learnt since.</param>
    /// <param name="current">The arm in force, which is kept unless another is clearly better.</param>
    public ArmChoice Choose(
        ReadOnlySpan<double> context, ObjectiveWeights weights, LearningState state, int current)
    {
        var scaled = Scale.Apply(context);
        var (best, most) = (0, 0.0);
        for (var arm = 1; arm < Arms.Count; arm++)
        {
            var gain = -Estimate(arm, scaled, weights).Worst - state.Correction(Arms[arm]) - GainMin
                + (arm == current ? SwitchGain : 0);
            if (gain > most)
            {
                (best, most) = (arm, gain);
            }
        }

        return new ArmChoice(best, Estimate(best, scaled, weights), Reason(best, scaled, weights));
    }

    /// <summary>The figure that speaks most for an arm here; -1 of the first arm.</summary>
    private int Reason(int arm, ReadOnlySpan<double> scaled, ObjectiveWeights weights)
    {
        var (reason, most) = (-1, 0.0);
        for (var figure = 0; arm > 0 && figure < ClusterContext.Count; figure++)
        {
            var part = 0.0;
            foreach (var member in Advantages[arm])
            {
                part -= new ObjectiveParts(
                    member.Rows[0][1 + figure], member.Rows[1][1 + figure], member.Rows[2][1 + figure]).Points(weights)
                    * scaled[1 + figure];
            }

            if (part > most)
            {
                (reason, most) = (figure, part);
            }
        }

        return reason;
    }
}

/// <summary>Cost of an arm less that of the policy's own values, as a share of theirs: below 0 is better.</summary>
/// <param name="Change">Mean of the ensemble.</param>
/// <param name="Deviation">Of the ensemble.</param>
public readonly record struct ArmEstimate(double Change, double Deviation)
{
    /// <summary>With the doubt against it.</summary>
    public double Worst => Change + (LearnedAgent.DoubtDeviations * Deviation);
}

/// <summary>What an agent chose.</summary>
/// <param name="Arm">Index of the agent's arms.</param>
/// <param name="Estimate">What it expects of it.</param>
/// <param name="Figure">That spoke most for it, of <see cref="ClusterContext"/>; -1: none.</param>
public readonly record struct ArmChoice(int Arm, ArmEstimate Estimate, int Figure);
