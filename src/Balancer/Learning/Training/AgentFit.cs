using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>
/// Learns an agent from trials: for each arm a ridge regression, on the context, of what the next hours cost with the
/// arm less what they cost with the policy's own values under the same demand. Costs are shares of what the median arm
/// cost in the whole run, so that a load with many breaches counts no more than one with few, and one on which the
/// policy's own values were lucky no more than others. The members of
/// the ensemble weigh loads differently (Bayesian bootstrap; Rubin 1981).
/// </summary>
public static class AgentFit
{
    /// <summary>Intervals over which an arm's effect is added up: two hours.</summary>
    private const int EffectIntervals = 8;

    private const int Members = 16;

    /// <summary>Penalty on a figure's weight, in shares of the evidence: there are many intervals and few loads.
    /// </summary>
    private const double Penalty = 0.3;

    /// <summary>The same on the constant: an arm is no better than the policy itself until it has shown it.</summary>
    private const double ConstantPenalty = 0.05;

    /// <summary>The same where a cost is learnt and not the difference of two.</summary>
    private const double CostPenalty = 0.01;

    /// <summary>Least cost that shares are taken of. Unit: points a node and interval.</summary>
    private const double CostMin = 0.5;

    private const double DeviationMin = 1e-3;
    private const ulong Seed = 20_260_105;

    /// <param name="cases">Of every load and policy to learn from; at least one.</param>
    /// <param name="training">What to say of the training.</param>
    public static LearnedAgent Of(IReadOnlyList<TrialCase> cases, string training)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cases.Count);
        var scale = ScaleOf(cases);
        var own = new Evidence();
        foreach (var trial in cases)
        {
            own.AddMean(OwnCost(trial, scale), 1);
        }

        return new LearnedAgent
        {
            Training = training,
            Scale = scale,
            OwnCost = new LinearValues(own.Solve(CostPenalty, CostPenalty)),
            Arms = [.. KnobArm.All.Select(arm => arm.Name)],
            Advantages = [.. Enumerable.Range(0, KnobArm.All.Count).Select(arm => Ensemble(cases, arm, scale))],
        };
    }

    private static List<LinearValues> Ensemble(IReadOnlyList<TrialCase> cases, int arm, ContextScale scale)
    {
        var members = new List<LinearValues>();
        if (arm == 0)
        {
            return members;
        }

        var effects = cases.Select(trial => Effect(trial, arm, scale)).ToList();
        for (var member = 0; member < Members; member++)
        {
            var sum = new Evidence();
            for (var i = 0; i < cases.Count; i++)
            {
                sum.AddMean(effects[i], LoadWeight(cases[i].Load, member));
            }

            members.Add(new LinearValues(sum.Solve(Penalty, ConstantPenalty)));
        }

        return members;
    }

    /// <summary>Exponentially distributed, the same for all cases of a load.</summary>
    private static double LoadWeight(string load, int member)
    {
        var hash = load.Aggregate(Seed, (sum, letter) => SeededDraw.Mix(sum ^ letter));
        return -Math.Log(1 - SeededDraw.Uniform(SeededDraw.Mix(hash, member)));
    }

    private static ContextScale ScaleOf(IReadOnlyList<TrialCase> cases)
    {
        var all = cases.SelectMany(trial => trial.Trials[0].Contexts).ToList();
        var (means, deviations) = (new double[ClusterContext.Count], new double[ClusterContext.Count]);
        for (var figure = 0; figure < means.Length; figure++)
        {
            var values = all.Select(context => context[figure]).ToList();
            var mean = values.Average();
            means[figure] = mean;
            deviations[figure] = Math.Max(
                DeviationMin, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }

        return new ContextScale(means, deviations);
    }

    private static Evidence OwnCost(TrialCase trial, ContextScale scale)
    {
        var evidence = new Evidence();
        var own = trial.Trials[0];
        for (var i = 0; i + 1 < own.Costs.Count; i++)
        {
            evidence.Add(scale.Apply(own.Contexts[i]), own.Costs[i + 1], 1.0 / trial.Nodes);
        }

        return evidence;
    }

    private static Evidence Effect(TrialCase trial, int arm, ContextScale scale)
    {
        var evidence = new Evidence();
        var (own, other) = (trial.Trials[0], trial.Trials[arm]);
        var ends = own.Costs.Count;
        var weights = trial.Policy.Policy.Weights;
        var costs = trial.Trials.Select(tried => tried.Costs.Sum(cost => cost.Points(weights))).Order().ToArray();
        var share = 1 / Math.Max(CostMin * trial.Nodes, costs[costs.Length / 2] / Math.Max(1, ends));
        for (var i = 0; i + (EffectIntervals / 2) < ends; i++)
        {
            var sum = default(ObjectiveParts);
            var last = Math.Min(ends - 1, i + EffectIntervals);
            for (var j = i + 1; j <= last; j++)
            {
                sum += other.Costs[j] - own.Costs[j];
            }

            // Seen from both, since the one in force will have shaped what is seen.
            evidence.Add(scale.Apply(own.Contexts[i]), sum, share / (last - i));
            evidence.Add(scale.Apply(other.Contexts[i]), sum, share / (last - i));
        }

        return evidence;
    }
}
