using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>How the outlooks of one node compare with what its CPU did. An outlook calls a breach when it gives it even
/// odds within the horizon.</summary>
/// <param name="outlooks">Of one node, in order.</param>
/// <param name="came">Its CPU, as a share of its capacity.</param>
/// <param name="range">What is judged.</param>
internal sealed class BreachJudge(IReadOnlyList<NodeForecastView> outlooks, MeasuredSteps came, TimeRange range)
{
    private const double EvenOdds = 0.5;

    /// <summary>As the planner asks of an overload before it believes it: what is over sooner is a checkpoint or a
    /// collection, and no load.</summary>
    private static readonly int LastingSteps = new TriggerRules().AgreeingSamples;

    /// <summary>First of so many steps in a row whose smoothed use is over the threshold; null if there are none.
    /// </summary>
    public long? BreachMs()
    {
        // The limit may have been another one before.
        var threshold = outlooks.FirstOrDefault(outlook => range.Holds(outlook.StartUnixMs))?.Threshold;
        return threshold is { } limit ? FirstBreach(range, limit) : null;
    }

    /// <summary>Time between the call that was kept up until the breach and the breach: 0 for one that nobody
    /// called, and at most the horizon, since what was said earlier was about other times.</summary>
    public long LeadMs(long breachMs)
    {
        var before = outlooks.Where(outlook => range.Holds(outlook.StartUnixMs) && outlook.StartUnixMs < breachMs);
        var kept = before.Reverse().TakeWhile(Calls).LastOrDefault();
        return kept is null ? 0 : Math.Min(breachMs - kept.StartUnixMs, HorizonMs(kept));
    }

    /// <summary>What the kept call said of the moment, less the moment: negative for one that was said to come too
    /// soon. Null where there is no such call, or it named no moment.</summary>
    public long? OffMs(long breachMs)
    {
        var since = breachMs - LeadMs(breachMs);
        return outlooks.FirstOrDefault(outlook => outlook.StartUnixMs >= since && outlook.StartUnixMs < breachMs)
            ?.BreachUnixMsP50 - breachMs;
    }

    /// <summary>Every outlook against the truth of its horizon, where all of that was seen.</summary>
    public CallCounts Count()
    {
        var counts = new CallCounts();
        foreach (var outlook in outlooks.Where(outlook => range.Holds(outlook.StartUnixMs)))
        {
            var (from, to) = (outlook.StartUnixMs, outlook.StartUnixMs + HorizonMs(outlook));
            var comes = FirstBreach(new TimeRange(from, Math.Min(to, range.ToMs)), outlook.Threshold) is not null;
            if (comes || to <= range.ToMs)
                counts = counts.With(Calls(outlook), comes);
        }
        return counts;
    }

    /// <summary>What nobody saw, behind the end, speaks neither for nor against it.</summary>
    private long? FirstBreach(TimeRange within, double threshold) => came.Within(within)
        .Where(at => came.SmoothAt(at) > threshold && Enumerable.Range(1, LastingSteps - 1).All(
            step => came.SmoothAt(at + (step * came.StepMs)) is not { } use || use > threshold))
        .Cast<long?>().FirstOrDefault();

    private static bool Calls(NodeForecastView outlook) => outlook.OverloadProbability >= EvenOdds;

    private static long HorizonMs(NodeForecastView outlook) =>
        (long)(outlook.Median.Count * outlook.StepSeconds * 1000);
}

/// <summary>Outlooks, by what they said of their horizon and what came in it.</summary>
internal readonly record struct CallCounts(int Right, int False, int Missed, int Quiet)
{
    public CallCounts With(bool called, bool came) => (called, came) switch
    {
        (true, true) => this with { Right = Right + 1 },
        (true, false) => this with { False = False + 1 },
        (false, true) => this with { Missed = Missed + 1 },
        _ => this with { Quiet = Quiet + 1 },
    };

    public CallCounts With(CallCounts other) =>
        new(Right + other.Right, False + other.False, Missed + other.Missed, Quiet + other.Quiet);

    public override string ToString() => $"{Right} right, {False} false, {Missed} missed, {Quiet} quiet";
}
