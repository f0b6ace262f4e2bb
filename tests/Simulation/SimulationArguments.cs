using System.Globalization;

namespace ShardStore.Simulation;

/// <summary>What the runner is asked to do. <paramref name="Calm"/>: no faults.</summary>
public sealed record SimulationArguments(int First, int Seeds, double Minutes, bool Calm)
{
    private const string Usage = "allowed are --first SEED, --seeds COUNT, --minutes MINUTES and --calm";

    public static bool TryParse(string[] arguments, out SimulationArguments parsed, out string problem)
    {
        parsed = new SimulationArguments(1, 50, double.MaxValue, false);
        problem = "";
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--calm")
            {
                parsed = parsed with { Calm = true };
                continue;
            }
            var text = i + 1 < arguments.Length ? arguments[++i] : "";
            if (name is not ("--first" or "--seeds" or "--minutes"))
                problem = $"{name} is no option; {Usage}";
            else if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number) || number < 1)
                problem = $"{name} {(text.Length == 0 ? "is the last word" : text)}: needs a whole number from 1";
            else if (name == "--first")
                parsed = parsed with { First = number };
            else if (name == "--seeds")
                parsed = parsed with { Seeds = number };
            else
                parsed = parsed with { Minutes = number, Seeds = int.MaxValue };
            if (problem.Length > 0)
                return false;
        }
        return true;
    }
}
