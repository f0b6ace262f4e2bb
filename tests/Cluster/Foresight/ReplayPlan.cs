using System.Globalization;
using System.Text;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Which part of the last day is replayed, and with how much demand: the day's first peak, while the nodes
/// run warm, the calm behind it, the rise in which the hot node is to pass its limit, and some of what follows.
/// </summary>
internal sealed class ReplayPlan
{
    /// <summary>A step of the trace.</summary>
    public const int StepSeconds = 1;

    /// <summary>Of the forecasts.</summary>
    public const int Horizon = 30;

    /// <summary>Not judged: processes that have just started still compile, and what an operation costs is learnt from
    /// a load that goes up and down, as a cluster that has run for a day has seen it.</summary>
    public const int WarmUpSteps = 70;

    /// <summary>Until the limit is due.</summary>
    public const int LeadSteps = WarmUpSteps + 40;

    private const int TailSteps = 30;
    public const int Steps = LeadSteps + TailSteps;
    public const int Nodes = 3;

    /// <summary>The largest demand of a replay. Unit: operations per second. Two cores have some room left then: on a
    /// full machine an operation costs the less, the more of them there are, and CPU says little of demand.</summary>
    private const double PeakRate = 4_000;

    /// <summary>How far up the rise the limit is.</summary>
    private const double LimitPart = 0.7;

    private readonly DayLoad _load;
    private readonly int _first;

    private ReplayPlan(DayLoad load, int first) => (_load, _first) = (load, first);

    public int HotShard => _load.HotShard;
    public int HotNode => LeaderOf(HotShard);
    public double PeakOps => Enumerable.Range(0, Steps + 1).Max(TotalAt);

    /// <summary>What the hot node is asked for at the step in which it is to pass its limit.</summary>
    public double OpsAtLimit => SmoothAt(_load, _first + LeadSteps);

    /// <summary>A fresh cluster's: the nodes take turns.</summary>
    public static int LeaderOf(int shard) => ((shard - 1) % Nodes) + 1;

    public static ReplayPlan Of(DayLoad load)
    {
        var day = Enumerable.Range(DayLoad.LastDay, DayLoad.DaySteps).ToArray();
        var peak = day.MaxBy(step => SmoothAt(load, step));
        var calm = Enumerable.Range(peak - DayLoad.DaySteps / 2, DayLoad.DaySteps / 2)
            .MinBy(step => SmoothAt(load, step));
        var (low, high) = (SmoothAt(load, calm), SmoothAt(load, peak));
        var limit = low + (LimitPart * (high - low));
        var due = Enumerable.Range(calm, peak - calm + 1).First(step => SmoothAt(load, step) >= limit);
        var plan = new ReplayPlan(load, due - LeadSteps);
        return new ReplayPlan(load.Times(PeakRate / plan.PeakOps), plan._first);
    }

    /// <summary>The window as `bench --replay` takes it.</summary>
    public string ReplayText()
    {
        var text = new StringBuilder("# unit: operations per second\ntimestamp," + Columns());
        for (var step = 0; step <= Steps; step++)
            AddRow(text, (long)(step * DayLoad.StepSeconds), _first + step);
        return text.ToString();
    }

    /// <summary>All that was before, on the clock of a cluster whose replay began at <paramref name="beganUnixMs"/>, as
    /// `ctl series import` takes it.</summary>
    public string HistoryText(long beganUnixMs)
    {
        const long stepMs = StepSeconds * 1000;
        var text = new StringBuilder("timestamp," + Columns());
        for (var bucket = (beganUnixMs / stepMs) - _first + 1; (bucket + 1) * stepMs <= beganUnixMs; bucket++)
        {
            var middle = ((bucket * stepMs) + (stepMs / 2) - beganUnixMs) / (double)stepMs;
            AddRow(text, bucket * StepSeconds, _first + middle);
        }
        return text.ToString();
    }

    private static string Columns() =>
        string.Join(',', Enumerable.Range(1, DayLoad.Shards).Select(shard => $"s{shard}")) + "\n";

    private void AddRow(StringBuilder text, long at, double step)
    {
        text.Append(at);
        for (var shard = 1; shard <= DayLoad.Shards; shard++)
            text.Append(CultureInfo.InvariantCulture, $",{_load.RateAt(shard, step):0.###}");
        text.Append('\n');
    }

    private double TotalAt(int step) =>
        Enumerable.Range(1, DayLoad.Shards).Sum(shard => _load.RateAt(shard, _first + step));

    /// <summary>Demand on the hot node as its cost weighs it, without the noise of single steps.</summary>
    private static double SmoothAt(DayLoad load, int step)
    {
        const int reach = 4;
        var hotNode = LeaderOf(load.HotShard);
        return Enumerable.Range(step - reach, (2 * reach) + 1).Average(near => NodeCost.Weighed(
            SumAt(load, near, shard => LeaderOf(shard) == hotNode),
            SumAt(load, near, shard => LeaderOf(shard) != hotNode)));
    }

    private static double SumAt(DayLoad load, int step, Func<int, bool> which) =>
        Enumerable.Range(1, DayLoad.Shards).Where(which).Sum(shard => load.RateAt(shard, step));
}
