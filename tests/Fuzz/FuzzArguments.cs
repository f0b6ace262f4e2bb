using System.Globalization;

namespace ShardStore.Fuzz;

/// <summary>What the program is asked to do.</summary>
internal sealed record FuzzArguments(string Target, long First, long Inputs, TimeSpan Time)
{
    private const string Usage = "allowed are a target or 'all', --first NUMBER, --inputs COUNT and --seconds SECONDS";

    public static bool TryParse(string[] arguments, out FuzzArguments parsed, out string problem)
    {
        parsed = new FuzzArguments("all", 1, long.MaxValue, TimeSpan.FromSeconds(10));
        problem = "";
        for (var i = 0; i < arguments.Length && problem.Length == 0; i++)
        {
            var name = arguments[i];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                parsed = parsed with { Target = name };
                continue;
            }
            var text = i + 1 < arguments.Length ? arguments[++i] : "";
            if (name is not ("--first" or "--inputs" or "--seconds"))
                problem = $"{name} is no option; {Usage}";
            else if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number) || number < 1)
                problem = $"{name} '{text}': needs a whole number from 1 to {int.MaxValue}";
            else if (name == "--first")
                parsed = parsed with { First = number };
            else if (name == "--inputs")
                parsed = parsed with { Inputs = number, Time = TimeSpan.MaxValue };
            else
                parsed = parsed with { Time = TimeSpan.FromSeconds(number) };
        }
        if (problem.Length == 0 && parsed.Target != "all" && FuzzTargets.Find(parsed.Target) is null)
            problem = $"'{parsed.Target}' is no target; allowed are all, {string.Join(", ", FuzzTargets.Names)}";
        return problem.Length == 0;
    }
}
