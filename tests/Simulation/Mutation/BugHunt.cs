using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ShardStore.Simulation.Mutation;

/// <summary>Plants known bugs, one at a time, in a copy of the sources and runs seeds until the first violation: shows
/// that the simulation would find them. What seeds do not find in the core may still break one of its
/// scripts; what they do not find elsewhere, a crash point.</summary>
public static partial class BugHunt
{
    private const double SecondsPerSeedMost = 20;
    private const int StoryColumns = 100;
    private static readonly TimeSpan CrashPointsMost = TimeSpan.FromMinutes(30);

    /// <summary>0 when all named bugs were found, 1 when one was not, 2 when there is none of that name.</summary>
    public static int Run(SimulationArguments options)
    {
        if (options.Bug == "list")
            return List();
        var names = options.Bug == "all" ? [.. PlantedBug.All.Select(bug => bug.Name)] : options.Bug.Split(',');
        if (names.FirstOrDefault(name => PlantedBug.All.All(bug => bug.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"--bug {unknown}: no such bug; --bug list names them, --bug all runs them");
            return 2;
        }
        var bugs = PlantedBug.All.Where(bug => names.Contains(bug.Name)).ToArray();
        using var source = PatchedSource.Built();
        var found = 0;
        Console.WriteLine($"{"bug",-34} {"cases",-10} {"seeds",6} {"seconds",8}  seen as");
        foreach (var bug in bugs)
        {
            var clock = Stopwatch.StartNew();
            var finding = Hunt(source, bug, options);
            found += finding.Found ? 1 : 0;
            var cases = string.Join(',', bug.Cases);
            Console.WriteLine(
                $"{bug.Name,-34} {cases,-10} {finding.Seeds,6} {clock.Elapsed.TotalSeconds,8:F0}  {finding.SeenAs}");
        }
        Console.WriteLine($"{found} of {bugs.Length} planted bugs found within {options.Seeds} seeds each");
        return found == bugs.Length ? 0 : 1;
    }

    private static int List()
    {
        foreach (var bug in PlantedBug.All)
            Console.WriteLine($"{bug.Name,-34} {string.Join(',', bug.Cases),-10} {bug.Story}");
        return 0;
    }

    private static Finding Hunt(PatchedSource source, PlantedBug bug, SimulationArguments options)
    {
        if (source.Plant(bug) is { } problem)
            return new Finding(false, "-", problem);
        try
        {
            if (source.Build(bug) is { } error)
                return new Finding(false, "-", "does not build: " + error);
            var finding = Seek(source, options);
            if (finding.Found)
                return finding;
            return bug.Touched.Any(IsOfCore)
                ? AskScripts(source, finding)
                : TryCrashPoints(source, options, finding);
        }
        finally
        {
            source.Remove(bug);
        }
    }

    private static Finding Seek(PatchedSource source, SimulationArguments options)
    {
        var most = TimeSpan.FromSeconds(60 + (options.Seeds * SecondsPerSeedMost));
        var (exit, output) = source.Run(
            most, "--until-violation", "--first", $"{options.First}", "--seeds", $"{options.Seeds}",
            "--threads", $"{options.Threads}");
        if (exit == 0)
            return new Finding(false, ">" + options.Seeds, "NOT FOUND");
        var seen = Violation().Match(output);
        if (!seen.Success)
            return new Finding(false, "-", $"the run ended with {exit}: {output.Trim().Split('\n')[^1]}");
        var seed = int.Parse(seen.Groups[1].Value, CultureInfo.InvariantCulture);
        var text = seen.Groups[2].Value;
        var seenAs = text.Length > StoryColumns ? text[..StoryColumns] + " …" : text;
        return new Finding(true, $"{seed - options.First + 1}", $"seed {seed}: {seenAs}");
    }

    private static bool IsOfCore(string file) => file.StartsWith("src/Raft/", StringComparison.Ordinal);

    /// <summary>The conversations of tests/Raft.Tests with the bug in the core.</summary>
    private static Finding AskScripts(PatchedSource source, Finding otherwise)
    {
        var (exit, output) = source.Test("tests/Raft.Tests");
        var failed = FailedTest().Matches(output).Select(match => match.Groups[1].Value).Distinct().ToArray();
        return exit != 0 && failed.Length > 0
            ? new Finding(true, "script", $"{failed.Length} of the core's tests fail, the first {failed[0]}")
            : otherwise;
    }

    /// <summary>A process that dies in each of a run's disk operations.</summary>
    private static Finding TryCrashPoints(PatchedSource source, SimulationArguments options, Finding otherwise)
    {
        var (exit, output) = source.Run(CrashPointsMost, "--crash-points", "--threads", $"{options.Threads}");
        var told = FailedPoints().Match(output);
        return exit != 0 && told.Success
            ? new Finding(true, "points", $"{told.Groups[2].Value} of {told.Groups[1].Value} crash points fail")
            : otherwise;
    }

    [GeneratedRegex(@"crash points: (\d+) tried of \d+, (\d+) failed")]
    private static partial Regex FailedPoints();

    [GeneratedRegex(@"^\s*Failed ShardStore\.Raft\.Tests\.(\S+)", RegexOptions.Multiline)]
    private static partial Regex FailedTest();

    [GeneratedRegex(@"^seed (\d+): (.*)$", RegexOptions.Multiline)]
    private static partial Regex Violation();

    private readonly record struct Finding(bool Found, string Seeds, string SeenAs);
}
