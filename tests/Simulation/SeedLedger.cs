using System.Diagnostics;
using System.Text.Json;
using ShardStore.Simulation.Mutation;

namespace ShardStore.Simulation;

/// <summary>A line of JSON per stretch of seeds: on which commit, from where, how many, how many failed, how long. A
/// later run of the same commit goes on behind the last one.</summary>
public sealed class SeedLedger : IDisposable
{
    private const int StretchSeeds = 100;
    private static readonly TimeSpan GitMost = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _first;
    private int _count;
    private int _failures;

    private SeedLedger(string path)
    {
        _path = path;
        Commit = CommitOf(SourceRoot.Path);
    }

    public string Commit { get; }

    /// <summary>Null without a path.</summary>
    public static SeedLedger? Open(string path) => path.Length == 0 ? null : new SeedLedger(path);

    public int NextSeed(int first)
    {
        if (File.Exists(_path))
        {
            foreach (var stretch in File.ReadLines(_path).Where(line => line.Length > 0).Select(Read))
            {
                if (stretch.Commit == Commit)
                    first = Math.Max(first, stretch.First + stretch.Count);
            }
        }
        return first;
    }

    public void Add(RunResult result)
    {
        if (_count == 0)
            _first = result.Seed;
        _count++;
        _failures += result.Failure is null ? 0 : 1;
        if (_count >= StretchSeeds)
            Write();
    }

    public void Dispose() => Write();

    private void Write()
    {
        if (_count == 0)
            return;
        var stretch = new SeedStretch(Commit, _first, _count, _failures, Math.Round(_clock.Elapsed.TotalSeconds, 1));
        File.AppendAllText(_path, JsonSerializer.Serialize(stretch, JsonSerializerOptions.Web) + "\n");
        _clock.Restart();
        (_count, _failures) = (0, 0);
    }

    private SeedStretch Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<SeedStretch>(line, JsonSerializerOptions.Web)!;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"--ledger {_path}: '{line}' is no line of a ledger", problem);
        }
    }

    // Sources that differ from the commit are another program: their seeds count for none.
    private static string CommitOf(string root)
    {
        var (exit, head) = Command.Run(root, GitMost, "git", "rev-parse", "--short=12", "HEAD");
        var (_, changes) = Command.Run(root, GitMost, "git", "status", "--porcelain", "--", "src", "tests/Simulation");
        return exit != 0 ? "unknown" : head.Trim() + (changes.Trim().Length == 0 ? "" : "-changed");
    }
}

/// <summary>Seeds of one commit that ran one after the other.</summary>
public sealed record SeedStretch(string Commit, int First, int Count, int Failures, double Seconds);
