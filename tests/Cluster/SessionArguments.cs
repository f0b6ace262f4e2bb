using System.Globalization;
using ShardStore.Cluster.Tests.Compare;
using ShardStore.Cluster.Tests.Nemesis;

namespace ShardStore.Cluster.Tests;

/// <summary>What the program is asked to do.</summary>
internal sealed record SessionArguments
{
    public IReadOnlyList<Fault> Faults { get; init; } = [];
    public FailoverKind? Failover { get; init; }
    public int SoakMinutes { get; init; }
    public bool Foresight { get; init; }
    public bool Compare { get; init; }
    public int Rounds { get; init; } = CompareArguments.RoundsUsual;
    public int Shards { get; init; }
    public double CapacityCores { get; init; } = CompareArguments.CapacityCoresUsual;
    public int Runs { get; init; } = 10;
    public string Trace { get; init; } = "";
    public int Seconds { get; init; } = 60;
    public int Trials { get; init; } = 20;
    public int Seed { get; init; } = 1;
    public int Nodes { get; init; } = 4;
    public int ElectionMs { get; init; }
    public int Busy { get; init; }
    public bool Record { get; init; }

    private static string Usage =>
        $"allowed are --nemesis all|{string.Join('|', Nemesis.Faults.All.Select(fault => fault.Name))}, "
        + "--failover kill|blackhole|stall|none, --soak MINUTES, --foresight, --compare, --runs N, --rounds N, "
        + "--trace FILE, --seconds N, --trials N, --seed S, --nodes 3..5, --shards 6..64, --capacity-cores 0.1..4, "
        + "--election-ms MS, --busy THREADS and --record";

    public static bool TryParse(string[] words, out SessionArguments parsed, out string problem)
    {
        parsed = new SessionArguments();
        problem = "";
        for (var i = 0; i < words.Length && problem.Length == 0; i++)
        {
            if (words[i] == "--record")
                parsed = parsed with { Record = true };
            else if (words[i] == "--foresight")
                parsed = parsed with { Foresight = true };
            else if (words[i] == "--compare")
                parsed = parsed with { Compare = true };
            else
                (parsed, problem) = Take(parsed, words[i], i + 1 < words.Length ? words[++i] : "");
        }
        if (problem.Length == 0 && parsed.Faults.Count == 0 && parsed.Failover is null && parsed.SoakMinutes == 0
            && !parsed.Foresight && !parsed.Compare)
        {
            problem = $"none of --nemesis, --failover, --soak, --foresight and --compare is given; {Usage}";
        }
        return problem.Length == 0;
    }

    public CompareArguments ToCompare() => new()
    {
        Nodes = Nodes,
        Shards = Shards,
        Rounds = Rounds,
        Seconds = Seconds,
        CapacityCores = CapacityCores,
        Seed = Seed,
        Trace = Trace,
    };

    private static (SessionArguments, string Problem) Take(SessionArguments so, string name, string text)
    {
        if (name == "--nemesis")
            return TakeFaults(so, text);
        if (name == "--trace")
            return File.Exists(text) ? (so with { Trace = text }, "") : (so, $"{name} {text}: does not exist; {Usage}");
        if (name == "--failover")
        {
            return Enum.TryParse<FailoverKind>(text, ignoreCase: true, out var kind) && !int.TryParse(text, out _)
                ? (so with { Failover = kind }, "")
                : (so, $"--failover {text}: {Usage}");
        }
        if (name == "--capacity-cores")
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cores)
                && cores is >= 0.1 and <= 4
                ? (so with { CapacityCores = cores }, "")
                : (so, $"--capacity-cores {text}: {Usage}");
        }
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return (name, isNumber) switch
        {
            ("--soak", true) when number > 0 => (so with { SoakMinutes = number }, ""),
            ("--runs", true) when number > 0 => (so with { Runs = number }, ""),
            ("--rounds", true) when number > 0 => (so with { Rounds = number }, ""),
            ("--shards", true) when number is >= 6 and <= 64 => (so with { Shards = number }, ""),
            ("--seconds", true) when number > 0 => (so with { Seconds = number }, ""),
            ("--trials", true) when number > 0 => (so with { Trials = number }, ""),
            ("--seed", true) => (so with { Seed = number }, ""),
            ("--nodes", true) when number is >= 3 and <= 5 => (so with { Nodes = number }, ""),
            ("--election-ms", true) when number >= 100 => (so with { ElectionMs = number }, ""),
            ("--busy", true) => (so with { Busy = number }, ""),
            _ => (so, $"{name} {text}: {Usage}"),
        };
    }

    private static (SessionArguments, string Problem) TakeFaults(SessionArguments so, string text)
    {
        if (text == "all")
            return (so with { Faults = Nemesis.Faults.All }, "");
        var found = text.Split(',').Select(name => (Name: name, Fault: Nemesis.Faults.Find(name))).ToArray();
        return found.FirstOrDefault(pair => pair.Fault is null) is { Name: not null } unknown
            ? (so, $"--nemesis {unknown.Name}: {Usage}")
            : (so with { Faults = [.. found.Select(pair => pair.Fault!)] }, "");
    }
}
