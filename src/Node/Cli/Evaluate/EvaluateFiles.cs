using ShardStore.Balancer.Evaluation;
using ShardStore.Node.Bench;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>Finds and reads the traces of an evaluation, in the order of their names.</summary>
internal static class EvaluateFiles
{
    private const double DaySeconds = 86_400;

    /// <exception cref="EvaluateException">There are none, or one cannot be used.</exception>
    public static IReadOnlyList<EvaluationFile> Read(EvaluateOptions options)
    {
        var paths = new TracePaths("data", options.DataPath, options.Only);
        var files = paths.Taken.Select(Read).ToList();
        return files.Count > 0 ? files : throw new EvaluateException(paths.WhyNone);
    }

    private static EvaluationFile Read(string path)
    {
        try
        {
            return Of(Path.GetFileNameWithoutExtension(path), TraceFile.Load(path));
        }
        catch (TraceFormatException e)
        {
            throw new EvaluateException(e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EvaluateException(e.Message, e);
        }
    }

    /// <summary>A trace that does not name its season has the day's, where a day is several of its steps; whether it
    /// is long enough for it, the protocol tells.</summary>
    private static EvaluationFile Of(string name, TraceFile trace)
    {
        var step = trace.TimesS[1] - trace.TimesS[0];
        var season = trace.SeasonSteps ?? (int)Math.Clamp(Math.Round(DaySeconds / step), 1, int.MaxValue);
        var timeOfDay = ((trace.TimesS[0] % DaySeconds) + DaySeconds) % DaySeconds;
        return new EvaluationFile(name, trace.Columns, trace.Values, step, season, timeOfDay);
    }
}
