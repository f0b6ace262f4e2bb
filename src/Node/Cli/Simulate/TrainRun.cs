using System.Globalization;
using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Learning.Training;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>The agent of all loads, and a line a load and policy.</summary>
internal sealed record TrainOutcome(
    LearnedAgent Agent, IReadOnlyList<TrainLine> Lines, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Notes);

/// <summary>Tries all arms on all loads, fits, and judges each load by an agent that was fitted without it.</summary>
internal sealed class TrainRun(SimulateRun loads, bool leaveOut)
{
    private readonly List<TrialCase> _trials = [];
    private readonly List<AgentRun> _judged = [];

    /// <exception cref="SimulateException">There is nothing to train on, or it was interrupted.</exception>
    public TrainOutcome Run(CancellationToken stop)
    {
        var (leftOut, notes) = loads.ForEach(leaveOut ? [Try, Judge] : [Try], stop);
        var names = _trials.Select(trial => trial.Load).Distinct().ToList();
        var clusters = _trials.Count / NamedPolicy.All.Count;
        var training = $"{Count(names.Count)} loads, {Count(clusters)} clusters, {Count(NamedPolicy.All.Count)} "
            + $"policies: {string.Join(", ", names)}";
        var lines = Enumerable.Range(0, _trials.Count)
            .GroupBy(i => (_trials[i].Load, _trials[i].Policy.Name))
            .Select(group => new TrainLine(
                [.. group.Select(i => _trials[i])], leaveOut ? [.. group.Select(i => _judged[i])] : []));
        return new TrainOutcome(AgentFit.Of(_trials, training), [.. lines], leftOut, notes);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private void Try(SimulationCase made, Action advanced) =>
        _trials.AddRange(TrialCase.Run(made, NamedPolicy.All, () => loads.Forecaster(made.Demand.Shards), advanced));

    private void Judge(SimulationCase made, Action advanced)
    {
        var others = _trials.Where(trial => trial.Load != made.Demand.Name).ToList();
        if (others.Count == 0)
            throw new SimulateException($"--leave-out: {made.Demand.Name} is the only load; two or more are needed");
        var agent = AgentFit.Of(others, "");
        _judged.AddRange(AgentJudge.Run(
            made, NamedPolicy.All, agent, () => loads.Forecaster(made.Demand.Shards), advanced));
    }
}
