using System.Globalization;
using System.Text;
using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Node.Bench;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What both runs of a round replay: the demo's script, in proportion to what the nodes may use. Time runs
/// from the beginning of the load: the lead-in (the programs compile, the history is imported), the warm-up (capacity
/// is limited, nothing moves), the replay, which counts.</summary>
/// <param name="Script">The window of the trace, laid over the shards.</param>
/// <param name="Cost">Cores of a node without demand, and of a request to a shard that it leads.</param>
/// <param name="CapacityCores">Of each node.</param>
internal sealed record ComparePlan(DemoScript Script, NodeCost Cost, double CapacityCores)
{
    /// <summary>Unit: steps.</summary>
    public const int LeadInSteps = 4;

    /// <summary>What the cluster is told of the time before: a week of five minutes. What is older weighs little, and
    /// every node pays for reading it.</summary>
    public const int HistoryStepsMax = 2016;

    public double LeadInSeconds => LeadInSteps * Script.StepSeconds;

    /// <summary>When the replay begins.</summary>
    public double ReplayAt => LeadInSeconds + Script.WarmUpSeconds;

    public double Seconds => ReplayAt + Script.ReplaySeconds;

    public DemoLoadPlan Load => new(Script.Shards, Seconds, RateAt);

    /// <summary>Requests to a shard. Unit: per second.</summary>
    public double RateAt(int shard, double seconds) => Script.RateAt(shard, seconds - LeadInSeconds);

    /// <summary>CPU of a node if nothing moved, as a share of its capacity: by the line that was calibrated.</summary>
    public double UnmovedShare(int node, double seconds) =>
        Cost.Share(Script.NodeRateAt(node, seconds - LeadInSeconds)) / CapacityCores;

    /// <summary>Of all nodes together; no move changes it.</summary>
    public double MeanShare(double seconds) =>
        Enumerable.Range(1, Script.Nodes).Average(node => UnmovedShare(node, seconds));

    /// <summary>Of the largest shard, if a node led nothing else.</summary>
    public double LargestShardShare(double seconds) => Enumerable.Range(1, Script.Shards)
        .Max(shard => Cost.Share(RateAt(shard, seconds))) / CapacityCores;

    /// <summary>The hot node's highest, if nothing moved.</summary>
    public double PeakShare => ReplaySeconds().Max(second => UnmovedShare(Script.HotNode, second));

    /// <summary>How long the hot node would have no capacity left if nothing moved. Unit: seconds.</summary>
    public int OverloadedSeconds =>
        ReplaySeconds().Count(second => UnmovedShare(Script.HotNode, second) > RunFigures.SaturatedShare);

    /// <summary>When the hot node would have no capacity left if nothing moved. Unit: seconds of the replay; null if
    /// never.</summary>
    public double? OverloadS => ReplaySeconds()
        .Where(second => UnmovedShare(Script.HotNode, second) > RunFigures.SaturatedShare)
        .Select(second => second - ReplayAt).Cast<double?>().FirstOrDefault();

    /// <summary>All that comes before a load that begins at <paramref name="beganUnixMs"/>, a boundary of steps, as
    /// `ctl series import` takes it.</summary>
    public string HistoryText(long beganUnixMs)
    {
        var first = Script.FirstPoint - LeadInSteps;
        var points = Math.Min(first, HistoryStepsMax);
        var beganStep = beganUnixMs / (Script.StepSeconds * 1000L);
        var text = new StringBuilder("timestamp");
        for (var shard = 1; shard <= Script.Shards; shard++)
            text.Append(CultureInfo.InvariantCulture, $",s{shard}");
        for (var back = points; back >= 1; back--)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(beganStep - back) * Script.StepSeconds}");
            for (var shard = 1; shard <= Script.Shards; shard++)
                text.Append(CultureInfo.InvariantCulture, $",{Script.RateOf(shard, first - back):0.####}");
        }
        return text.Append('\n').ToString();
    }

    public override string ToString()
    {
        var overload = OverloadS is { } at
            ? FormattableString.Invariant($"; full from {at:0} s for {OverloadedSeconds} s") : "";
        return $"{Script.Shards} shards, points {Script.Window.First} to "
            + $"{Script.Window.First + Script.Window.Steps - 1}, hot s{Script.HotShard} on "
            + FormattableString.Invariant($"n{Script.HotNode}: unmoved from ")
            + FormattableString.Invariant($"{UnmovedShare(Script.HotNode, ReplayAt):P0} ")
            + FormattableString.Invariant($"to {PeakShare:P0} of its capacity{overload}");
    }

    /// <summary>Middles of the seconds that count.</summary>
    public IEnumerable<double> ReplaySeconds() =>
        Enumerable.Range(0, (int)Script.ReplaySeconds).Select(second => ReplayAt + second + 0.5);
}
