using ShardStore.Balancer.Simulation;
using ShardStore.Node.Bench;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>Reads traces as demand: a column is a shard, a point is a forecast step.</summary>
internal static class SimulateTraces
{
    /// <summary>A point whose own length is beyond these bounds, or that has none, stands for the length between.
    /// Unit: seconds.</summary>
    public const int StepSecondsMin = 60;
    public const int StepSecondsMax = 900;
    public const int StepSecondsUsual = 300;

    private const double DaySeconds = 86_400;
    private const double HistoryShare = 0.6;
    private const int HistoryDaysMax = 14;
    private const int PointsMin = 100;

    /// <returns>The demand of every wide file by name, and what was left out, with reasons.</returns>
    /// <exception cref="SimulateException">There is none, or a file cannot be used.</exception>
    public static (IReadOnlyList<DemandTable> Traces, IReadOnlyList<string> LeftOut) Read(SimulateOptions options)
    {
        var paths = new TracePaths("trace", options.TracePath!, options.Only);
        var (traces, leftOut) = (new List<DemandTable>(), new List<string>());
        foreach (var file in paths.Taken)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var trace = Load(file);
            if (Refusal(trace) is { } reason)
                leftOut.Add($"{name}: {reason}");
            else
                traces.Add(Table(name, trace, options));
        }
        if (traces.Count > 0)
            return (traces, leftOut);
        throw new SimulateException(leftOut.Count > 0
            ? $"--trace {options.TracePath}: nothing to simulate; {string.Join("; ", leftOut.Take(3))}"
            : paths.WhyNone);
    }

    private static TraceFile Load(string path)
    {
        try
        {
            return TraceFile.Load(path);
        }
        catch (TraceFormatException e)
        {
            throw new SimulateException(e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SimulateException(e.Message, e);
        }
    }

    private static string? Refusal(TraceFile trace)
    {
        var points = trace.TimesS.Count;
        if (trace.Columns.Count == 1)
            return "one column; a column is a shard, and one shard leaves nothing to balance";
        if (points < PointsMin)
            return $"{points} points, at least {PointsMin} are needed";
        var first = (int)(HistoryShare * points);
        return trace.Values.All(column => column.AsSpan(first).IndexOfAnyExcept(0.0) < 0)
            ? "no demand in its scored part"
            : null;
    }

    private static DemandTable Table(string name, TraceFile trace, SimulateOptions options)
    {
        var own = trace.TimesS[1] - trace.TimesS[0];
        var step = options.StepSeconds ?? (own is >= StepSecondsMin and <= StepSecondsMax ? own : StepSecondsUsual);
        var split = (int)(HistoryShare * trace.TimesS.Count);
        var history = Math.Min(split, (int)(HistoryDaysMax * DaySeconds / step));
        var scored = trace.TimesS.Count - split;
        if (options.Days is { } days)
            scored = (int)Math.Min(scored, (days * DaySeconds / step) + 1);
        var first = split - history;
        var points = trace.Values
            .Select(column => Array.ConvertAll(column[first..(split + scored)], value => (float)value)).ToArray();
        var table = new DemandTable(name, points, history, step)
        {
            SeasonSteps = trace.SeasonSteps ?? (int)Math.Clamp(Math.Round(DaySeconds / own), 1, int.MaxValue),
            // In points, so that the place in the season is right whatever a point stands for.
            FirstStep = (long)Math.Floor(trace.TimesS[0] / own) + first,
        };
        return table.WithTicksOf(options.TickSeconds);
    }
}
