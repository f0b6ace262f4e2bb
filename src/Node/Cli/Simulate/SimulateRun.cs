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
        var notes = new List<string>();
        if (options.Strategies.Contains(SimulatedStrategy.Predictive))
            LoadModel(notes);
        var (traces, leftOut) = options.TracePath is null ? ([], []) : SimulateTraces.Read(options);
        var makers = traces.Select(MakeTrace).Concat(
            options.Scenarios.SelectMany(scenario => options.Seeds.Select(seed => MakeScenario(scenario, seed))))
            .ToList();
        progress.Begin(makers.Sum(maker => maker.Cost), makers.Count);
        var results = new List<NamedResult>();
        try
        {
            foreach (var maker in makers)
                Simulate(maker, results, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new SimulateException("simulate was interrupted and is not complete");
        }
        return new SimulateOutcome(results, leftOut, notes);
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

    private void Simulate(Maker maker, List<NamedResult> results, CancellationToken stop)
    {
        var made = maker.Make();
        var run = new SimulationRun(made.Demand, made.Clusters, options.Strategies,
            options.HtmlPath is not null && made.Seeds[0] == options.Seeds[0], options.Parts);
        var came = run.Run(() => Forecaster(made.Demand.Shards), () =>
        {
            stop.ThrowIfCancellationRequested();
            progress.Add(made.Demand.Shards);
        });
        results.AddRange(came.Select(
            result => new NamedResult(made.Demand.Name, made.Seeds[result.Cluster], result)));
        progress.Done(maker.Name);
    }

    private DemandForecaster Forecaster(int series) => options.Forecasters == ForecasterChoice.All
        ? DemandForecaster.Standard(_lstm)
        : DemandForecaster.OfBaselines(series);

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
