using System.Diagnostics;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>Seed after seed, on one or more threads, told in their order.</summary>
public sealed class SeedSession(SimulationArguments options)
{
    private const int ReportEvery = 250;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly RunCounters _totals = new();
    private readonly Queue<Task<RunResult>> _running = new();
    private readonly TextWriter? _echo = options.Seeds == 1 ? Console.Out : null;
    private int _runs;
    private int _failures;
    private double _virtualSeconds;

    public int Run()
    {
        using var ledger = SeedLedger.Open(options.Ledger);
        var first = ledger?.NextSeed(options.First) ?? options.First;
        if (ledger is not null)
            Console.WriteLine($"commit {ledger.Commit}: from seed {first}");
        for (var seed = first; MayStart(seed - first); seed++)
        {
            var next = seed;
            var plan = new RunPlan(next) { WithFaults = !options.Calm, Echo = _echo };
            _running.Enqueue(Task.Run(() => Simulator.Run(plan)));
            if (_running.Count >= options.Threads)
                Take(_running.Dequeue().Result, ledger);
        }
        while (_running.TryDequeue(out var left))
            Take(left.Result, ledger);
        Summarize(first);
        return _failures == 0 ? 0 : 1;
    }

    private bool MayStart(int started) => started < options.Seeds && _clock.Elapsed.TotalMinutes < options.Minutes
        && (_failures == 0 || !options.UntilViolation);

    private void Take(RunResult result, SeedLedger? ledger)
    {
        _runs++;
        _totals.Add(result.Counters);
        _virtualSeconds += result.VirtualSeconds;
        ledger?.Add(result);
        if (result.Failure is not null)
        {
            _failures++;
            Console.WriteLine((_echo is null ? result : result with { LastLines = [] }).Report);
        }
        else if (options.Seeds == 1)
        {
            Console.WriteLine(result.Report);
        }
        if (_runs % ReportEvery == 0)
            Console.WriteLine($"{_runs} seeds, {_failures} failed, {_runs / _clock.Elapsed.TotalMinutes:F1} a minute");
    }

    private void Summarize(int first)
    {
        foreach (var (name, count) in _totals.All)
            Console.WriteLine($"{count,12:N0} {name}");
        Console.WriteLine(
            $"{_runs} seeds from {first}, {_failures} failed; "
            + $"{_runs / _clock.Elapsed.TotalMinutes:F1} seeds a minute, "
            + $"{_virtualSeconds / _clock.Elapsed.TotalSeconds:F1} virtual hours an hour");
    }
}
