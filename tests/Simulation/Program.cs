using System.Diagnostics;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>Runs seeds: <c>[--first S] [--seeds N] [--minutes M]</c>. Exit 0 when all were clean, 1 on a violation,
/// 2 on bad usage.</summary>
public static class Program
{
    private const int ReportEvery = 250;

    public static int Main(string[] arguments)
    {
        if (!SimulationArguments.TryParse(arguments, out var options, out var problem))
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        var clock = Stopwatch.StartNew();
        var totals = new RunCounters();
        var (runs, failures, virtualSeconds) = (0, 0, 0.0);
        var echo = options.Seeds == 1 ? Console.Out : null;
        for (var seed = options.First; runs < options.Seeds && clock.Elapsed.TotalMinutes < options.Minutes; seed++)
        {
            var result = Simulator.Run(seed, withFaults: !options.Calm, echo);
            runs++;
            totals.Add(result.Counters);
            virtualSeconds += result.VirtualSeconds;
            if (result.Failure is not null)
            {
                failures++;
                Console.WriteLine((echo is null ? result : result with { LastLines = [] }).Report);
            }
            else if (options.Seeds == 1)
            {
                Console.WriteLine(result.Report);
            }
            if (runs % ReportEvery == 0)
                Console.WriteLine($"{runs} seeds, {failures} failed, {runs / clock.Elapsed.TotalMinutes:F1} a minute");
        }
        foreach (var (name, count) in totals.All)
            Console.WriteLine($"{count,12:N0} {name}");
        Console.WriteLine(
            $"{runs} seeds from {options.First}, {failures} failed; "
            + $"{runs / clock.Elapsed.TotalMinutes:F1} seeds a minute, "
            + $"{virtualSeconds / clock.Elapsed.TotalSeconds:F1} virtual hours an hour");
        return failures == 0 ? 0 : 1;
    }
}
