using System.Diagnostics;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>A calm run with moves, checkpoints and their transfer, again and again: each time a process dies in another
/// of its disk operations, before, inside or after it. Whatever was acknowledged must be there at the end.</summary>
public sealed class CrashPoints
{
    private static readonly CutMoment[] Moments = Enum.GetValues<CutMoment>();
    private readonly SortedDictionary<string, int> _existing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _tried = new(StringComparer.Ordinal);
    private readonly List<(DiskCut Cut, string Kind)> _points = [];

    private CrashPoints(int seed) => Seed = seed;

    /// <summary>What the run without a death must have seen.</summary>
    private static readonly string[] Needed =
        ["checkpoints", "snapshots installed", "replica moves done", "leader transfers done", "log bytes moved"];

    private const int SeedsMax = 200;
    private const long ScriptMicros = 2_500_000;

    public int Seed { get; }

    public int Existing => _points.Count;

    public int Tried => _tried.Values.Sum();

    /// <summary>Points by kind of operation and moment.</summary>
    public IEnumerable<string> Table => _existing.Select(kind =>
        $"{_tried.GetValueOrDefault(kind.Key),6} of {kind.Value,6} {kind.Key}");

    public List<string> Failures { get; } = [];

    /// <summary>All points of the first seed from <paramref name="first"/> whose run has all that is needed. That run
    /// must be clean.</summary>
    public static CrashPoints From(int first)
    {
        for (var seed = first; seed < first + SeedsMax; seed++)
        {
            var found = new CrashPoints(seed);
            var script = Simulator.Run(PlanOf(seed, null) with { OnDiskOperation = found.Note });
            if (script.Failure is not null)
                found.Failures.Add(script.Report);
            if (script.Failure is not null || Needed.All(name => script.Counters[name] > 0))
                return found;
        }
        throw new InvalidOperationException(
            $"no run of seeds {first} to {first + SeedsMax - 1} has {string.Join(", ", Needed)}");
    }

    /// <summary>On demand: all of them.</summary>
    public static int Run(SimulationArguments options)
    {
        var clock = Stopwatch.StartNew();
        var points = From(options.First);
        Console.WriteLine($"{points.Existing} crash points in the run of seed {points.Seed}");
        points.Try(1, options.Threads);
        foreach (var line in points.Table)
            Console.WriteLine(line);
        foreach (var failure in points.Failures)
            Console.WriteLine(failure);
        Console.WriteLine($"crash points: {points.Tried} tried of {points.Existing}, {points.Failures.Count} failed, "
            + $"{clock.Elapsed.TotalSeconds:F0} s");
        return points.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Tries each <paramref name="every"/>-th point.</summary>
    public void Try(int every, int threads)
    {
        var chosen = _points.Where((_, at) => at % every == 0).ToArray();
        var ended = chosen.AsParallel().AsOrdered().WithDegreeOfParallelism(threads)
            .Select(point => (point.Kind, point.Cut, Run: Simulator.Run(PlanOf(Seed, point.Cut))));
        foreach (var (kind, cut, run) in ended)
        {
            var failure = run.Failure;
            if (failure is null && !run.Counters.All.Keys.Any(HasDied))
                failure = "the process did not die there: the run before it was another one";
            _tried[kind] = _tried.GetValueOrDefault(kind) + 1;
            if (failure is not null)
                Failures.Add($"{cut} ({kind}): {failure}");
        }
    }

    private static bool HasDied(string counted) => counted.StartsWith("died in", StringComparison.Ordinal);

    private void Note(int node, int number, string operation)
    {
        foreach (var moment in Moments)
        {
            var kind = $"{operation}, {moment.ToString().ToLowerInvariant()}";
            _points.Add((new DiskCut(node, number, moment), kind));
            _existing[kind] = _existing.GetValueOrDefault(kind) + 1;
        }
    }

    private static RunPlan PlanOf(int seed, DiskCut? cut) =>
        new(seed) { WithFaults = false, SafetyMicros = ScriptMicros, Cut = cut };
}
