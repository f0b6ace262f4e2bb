using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Node.Bench;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>
/// Draws the plans of the rounds: which columns of the trace make up which shard, and so which node leads them first.
/// The demo's rule then takes the window in which one node's demand rises most. Drawn again until a balancer has
/// something to do and can do it: who balances better plays no part in the choice.
/// </summary>
internal sealed class PlanSearch(CompareArguments asked, NodeCost cost)
{
    /// <summary>The hot node would be asked for that much at its peak, as a share of its capacity, or less: see the
    /// next two.</summary>
    public const double PeakShareMost = 1.25;

    /// <summary>All nodes together never are: fuller, and nobody could help.</summary>
    public const double MeanShareMax = 0.72;

    /// <summary>The largest shard alone never is: no move makes it smaller.</summary>
    public const double LargestShareMax = DemoPolicy.Threshold;

    /// <summary>What remains must still be all that it has.</summary>
    public const double PeakShareLeast = 1.0;

    /// <summary>And last: a rise whose peak comes as the replay ends leaves nothing to count. Part of the replay.
    /// </summary>
    public const double OverloadedPartLeast = 0.2;

    /// <summary>No node is when the replay begins: what was wrong from the start is not to be foreseen.</summary>
    public const double StartShareMax = 0.7;

    private const int DrawsMax = 300;

    /// <summary>Demand on all shards beside one hot one, in parts of what the demo takes: else the hot shard alone
    /// would be its node's load.</summary>
    private const double MoreBackground = 1.7;

    /// <exception cref="TraceFormatException">Nothing drawn fits; the text says why.</exception>
    public ComparePlan Find(TraceFile? trace, int round)
    {
        var random = new Random(asked.Seed + (DrawsMax * round));
        var misses = new Dictionary<string, int>();
        for (var draw = 0; draw < DrawsMax; draw++)
        {
            string misfit;
            try
            {
                var plan = Scaled(ScriptOf(trace is null
                    ? GeneratedTrace.Build(random.Next()) : trace.Summed(Draw(random, trace.Columns.Count))));
                if (Misfit(plan) is not { } found)
                    return plan;
                misfit = found;
            }
            catch (TraceFormatException unfit)
            {
                misfit = unfit.Message;
            }
            misses[misfit] = misses.GetValueOrDefault(misfit) + 1;
        }
        var reasons = misses.OrderByDescending(miss => miss.Value).Select(miss => $"{miss.Value}: {miss.Key}");
        throw new TraceFormatException($"none of {DrawsMax} choices of {asked.ShardsWanted} shards on {asked.Nodes} "
            + $"nodes makes an overload that moves could prevent: {string.Join("; ", reasons)}");
    }

    /// <summary>Why a plan would show nothing; null when it would.</summary>
    public static string? Misfit(ComparePlan plan)
    {
        if (plan.PeakShare < PeakShareLeast)
            return "no node would be overloaded";
        if (plan.OverloadedSeconds < OverloadedPartLeast * plan.Script.ReplaySeconds)
            return "no node would be overloaded for long";
        var start = plan.ReplayAt;
        return Enumerable.Range(1, plan.Script.Nodes).Any(node => plan.UnmovedShare(node, start) > StartShareMax)
            ? "a node would be overloaded from the start" : null;
    }

    /// <summary>Which columns make up which shard: as keys are hashed, and all of the trace's demand.</summary>
    private int[][] Draw(Random random, int columns)
    {
        var places = Enumerable.Range(0, columns).ToArray();
        random.Shuffle(places);
        var shards = Math.Min(asked.ShardsWanted, columns);
        return [.. Enumerable.Range(0, shards).Select(shard =>
            places.Where((_, index) => index % shards == shard).ToArray())];
    }

    private DemoScript ScriptOf(TraceFile trace) => DemoScript.Of(trace, new DemoOptions
    {
        Nodes = asked.Nodes,
        Replicas = CompareCluster.Replicas,
        Shards = trace.Columns.Count > 1 ? null : asked.ShardsWanted,
        Seconds = asked.Seconds,
        Port = 0,
        AdminPort = 0,
        Json = false,
    });

    /// <summary>As much demand as all three limits allow.</summary>
    private ComparePlan Scaled(DemoScript script)
    {
        var plan = new ComparePlan(
            script with { Background = script.Background * MoreBackground }, cost, asked.CapacityCores);
        var factor = Math.Min(
            plan.ReplaySeconds().Min(second => FactorTo(PeakShareMost, plan.UnmovedShare(script.HotNode, second))),
            plan.ReplaySeconds().Min(second => Math.Min(
                FactorTo(MeanShareMax, plan.MeanShare(second)),
                FactorTo(LargestShareMax, plan.LargestShardShare(second)))));
        return plan with
        {
            Script = plan.Script with
            {
                Background = plan.Script.Background * factor,
                Scale = plan.Script.Scale * factor,
            },
        };
    }

    /// <summary>What demand must be multiplied with to make one share another.</summary>
    private double FactorTo(double wanted, double share)
    {
        var idle = cost.Idle / asked.CapacityCores;
        return share > idle ? Math.Max(0, wanted - idle) / (share - idle) : double.MaxValue;
    }
}
