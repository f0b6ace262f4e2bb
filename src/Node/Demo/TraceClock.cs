using System.Globalization;
using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>How fast a trace runs: a step of it must last whole seconds, the grid of the roll-ups that forecasts are
/// made from.</summary>
internal readonly record struct TraceClock(int StepSeconds, double Speed, int SeasonSteps)
{
    private const int StepSecondsUsual = 5;
    private const int StepSecondsMax = 60;
    private const double DaySeconds = 86_400;

    /// <param name="trace">The trace.</param>
    /// <param name="speed">Trace seconds per real second; null: five real seconds a step.</param>
    /// <exception cref="TraceFormatException">The speed does not fit the trace.</exception>
    public static TraceClock Of(TraceFile trace, double? speed)
    {
        var interval = trace.TimesS[1] - trace.TimesS[0];
        var factor = speed ?? interval / StepSecondsUsual;
        var step = interval / factor;
        var whole = (int)Math.Round(step);
        if (whole is < 1 or > StepSecondsMax || Math.Abs(step - whole) > 1e-6 * whole)
        {
            throw new TraceFormatException(string.Create(CultureInfo.InvariantCulture,
                $"--speed {factor} makes a step of {interval} s last {step:0.###} s; allowed is what makes it 1 to ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"{StepSecondsMax} whole seconds, such as {interval / StepSecondsUsual:0.###} (5 s)"));
        }
        return new TraceClock(whole, factor, SeasonOf(trace, interval));
    }

    /// <summary>The header's season; else a day, if the trace holds two of them; else none.</summary>
    private static int SeasonOf(TraceFile trace, double interval)
    {
        if (trace.SeasonSteps is { } said)
            return said;
        var day = (int)Math.Round(DaySeconds / interval);
        return day > 1 && trace.TimesS.Count >= 2 * day ? day : 1;
    }
}
