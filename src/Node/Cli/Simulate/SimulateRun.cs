using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>One result with its names.</summary>
internal sealed record NamedResult(string Trace, int Seed, SimulationResult Result);

/// <summary>All results, and what was left out with reasons.</summary>
internal sealed record SimulateOutcome(
    IReadOnlyList<NamedResult> Results, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Notes);

/// <summary>Runs all traces or scenarios, one after another on one thread.</summary>
internal sealed class SimulateRun(SimulateOptions options, RunProgress progress) : IDisposable
{
    private LstmForecaster? _lstm;

    /// <exception cref="SimulateException">There is nothing to simulate, or it was interrupted.</exception>
    public SimulateOutcome Run(CancellationToken stop)
    {
        var results = new List<NamedResult>();
        var (leftOut, notes) = ForEach([(made, advanced) => Simulate(made, results, advanced)], stop);
        return new SimulateOutcome(results, leftOut, notes);
    }

    /// <summary>Makes the loads one after another and hands them out; all of them anew for each pass.</summary>
    /// <param name="passes">Each is told the load and what to call after every step.</param>
    /// <returns>What was left out, and what there is to say.</returns>
    /// <exception cref="SimulateException">There is nothing to simulate, or it was interrupted.</exception>
    public (IReadOnlyList<string> LeftOut, IReadOnlyList<string> Notes) ForEach(
        IReadOnlyList<Action<SimulationCase, Action>> passes, CancellationToken stop)
    {
        var notes = new List<string>();
        if (options.Strategies.Any(SimulationRun.NeedsForecasts))
            LoadModel(notes);
        var (traces, leftOut) = options.TracePath is null ? ([], []) : SimulateTraces.Read(options);
        var makers = traces.Select(MakeTrace).Concat(
            options.Scenarios.SelectMany(scenario => options.Seeds.Select(seed => MakeScenario(scenario, seed))))
            .ToList();
        progress.Begin(passes.Count * makers.Sum(maker => maker.Cost), passes.Count * makers.Count);
        try
        {
            foreach (var use in passes)
            {
                foreach (var maker in makers)
                    Use(maker, use, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new SimulateException("simulate was interrupted and is not complete");
        }
        return (leftOut, notes);
    }

    public void Dispose() => _lstm?.Dispose();

    private Maker MakeTrace(DemandTable trace) => new(
        trace.Name, (long)SimulationRun.Rounds(trace) * trace.Shards,
        () => SimulationCase.OfTrace(trace, options.Rules, options.Policy, options.Seeds));

    /// <summary>Made when its turn comes: hundreds of generated loads would fill the memory.</summary>
    private Maker MakeScenario(Scenario scenario, int seed)
    {
        var size = new ScenarioSize(options.Shards, options.Days ?? 1);
        return new Maker(
            options.Seeds.Count == 1 ? scenario.Name : $"{scenario.Name}, seed {seed}",
            (long)Scenario.Rounds(size) * size.Shards, () =>
            {
                var made = scenario.Build(options.Rules, options.Policy, size, seed);
                return made with { Demand = made.Demand.WithTicksOf(options.TickSeconds) };
            });
    }

    private void Use(Maker maker, Action<SimulationCase, Action> use, CancellationToken stop)
    {
        var made = maker.Make();
        use(made, () =>
        {
            stop.ThrowIfCancellationRequested();
            progress.Add(made.Demand.Shards);
        });
        progress.Done(maker.Name);
    }

    private void Simulate(SimulationCase made, List<NamedResult> results, Action advanced)
    {
        var clusters = made.Clusters.Select(cluster => cluster with { Agent = options.Agent }).ToList();
        var run = new SimulationRun(made.Demand, clusters, options.Strategies,
            options.HtmlPath is not null && made.Seeds[0] == options.Seeds[0], options.Parts);
        results.AddRange(run.Run(Forecaster, advanced).Select(
            result => new NamedResult(made.Demand.Name, made.Seeds[result.Cluster], result)));
    }

    /// <summary>A new one of the chosen kind.</summary>
    public DemandForecaster Forecaster() => options.Forecasters == ForecasterChoice.All
        ? DemandForecaster.Standard(_lstm)
        : new DemandForecaster([]);

    private void LoadModel(List<string> notes)
    {
        if (options.Forecasters != ForecasterChoice.All)
            return;
        if (options.ModelPath is { } path)
        {
            if (!LstmForecaster.TryLoad(path, out _lstm, out var wrong))
                throw new SimulateException($"{wrong} Leave --model away for the model of this program.");
            return;
        }
        if (!LstmForecaster.TryLoadShipped(out _lstm, out var problem))
            notes.Add("without the LSTM: " + problem);
    }

    private sealed record Maker(string Name, long Cost, Func<SimulationCase> Make);
}
