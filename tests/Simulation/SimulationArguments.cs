using System.Globalization;

namespace ShardStore.Simulation;

/// <summary>What the runner is asked to do.</summary>
public sealed record SimulationArguments
{
    private const string Usage = "allowed are --first SEED, --seeds COUNT, --minutes MINUTES, --threads COUNT, --calm, "
        + "--until-violation, --ledger FILE, --bug NAME and --crash-points";

    public const int PlantedSeeds = 300;

    public int First { get; init; } = 1;
    public int Seeds { get; init; } = 50;
    public double Minutes { get; init; } = double.MaxValue;
    public int Threads { get; init; } = 1;

    /// <summary>Moves, but no faults.</summary>
    public bool Calm { get; init; }

    /// <summary>End at the first seed that fails.</summary>
    public bool UntilViolation { get; init; }

    /// <summary>Every disk operation of a calm run, one at a time.</summary>
    public bool CrashPoints { get; init; }

    /// <summary>Which known bug to plant; "all", "list", or empty.</summary>
    public string Bug { get; init; } = "";

    /// <summary>Where runs of a commit are noted, and from where they go on; empty = nowhere.</summary>
    public string Ledger { get; init; } = "";

    public static bool TryParse(string[] words, out SimulationArguments parsed, out string problem)
    {
        parsed = new SimulationArguments();
        problem = "";
        for (var i = 0; i < words.Length && problem.Length == 0; i++)
        {
            var name = words[i];
            if (Flag(name, parsed) is { } flagged)
            {
                parsed = flagged;
                continue;
            }
            var text = i + 1 < words.Length ? words[++i] : "";
            parsed = Valued(name, text, parsed, out problem);
        }
        if (parsed.Bug.Length > 0 && !words.Contains("--seeds"))
            parsed = parsed with { Seeds = PlantedSeeds };
        return problem.Length == 0;
    }

    private static SimulationArguments? Flag(string name, SimulationArguments parsed) => name switch
    {
        "--calm" => parsed with { Calm = true },
        "--until-violation" => parsed with { UntilViolation = true },
        "--crash-points" => parsed with { CrashPoints = true },
        _ => null,
    };

    private static SimulationArguments Valued(
        string name, string text, SimulationArguments parsed, out string problem)
    {
        problem = "";
        if (name is "--bug" or "--ledger")
        {
            if (text.Length == 0)
                problem = $"{name} is the last word: needs a {(name == "--bug" ? "name, all or list" : "file")}";
            return name == "--bug" ? parsed with { Bug = text } : parsed with { Ledger = text };
        }
        if (name is not ("--first" or "--seeds" or "--minutes" or "--threads"))
            problem = $"{name} is no option; {Usage}";
        else if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number) || number < 1)
            problem = $"{name} {(text.Length == 0 ? "is the last word" : text)}: needs a whole number from 1";
        else
        {
            return name switch
            {
                "--first" => parsed with { First = number },
                "--seeds" => parsed with { Seeds = number },
                "--threads" => parsed with { Threads = number },
                _ => parsed with { Minutes = number, Seeds = int.MaxValue },
            };
        }
        return parsed;
    }
}
