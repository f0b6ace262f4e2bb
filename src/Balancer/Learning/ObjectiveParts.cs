using System.Numerics;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning;

/// <summary>
/// What a span of time cost, in points of about one second of harm on one node, by the weight of the policy that each
/// part falls under. The less the better. All of it follows from the figures of `simulate --json`
/// (docs/balancing.md, "The objective").
/// </summary>
/// <param name="Overload">Node-seconds above the policy's threshold.</param>
/// <param name="Latency">Seconds times the share of requests that took longer than <see cref="SlowMs"/>: at one in 100
/// that is the 99th percentile.</param>
/// <param name="Effort">Bytes sent, leaderships moved, moves undone, and hours of nodes.</param>
public readonly record struct ObjectiveParts(double Overload, double Latency, double Effort)
    : IAdditionOperators<ObjectiveParts, ObjectiveParts, ObjectiveParts>,
        ISubtractionOperators<ObjectiveParts, ObjectiveParts, ObjectiveParts>
{
    /// <summary>Twenty times what a request takes on an idle node.</summary>
    public const double SlowMs = 10;

    /// <summary>A gigabyte keeps a link busy for ten seconds at the rate that the default policy allows.</summary>
    public const double PointsPerGigabyte = 10;

    public const double PointsPerTransfer = 1;

    /// <summary>What was undone was for nothing, and so was undoing it.</summary>
    public const double PointsPerReversal = 60;

    /// <summary>An hour of a node is worth a second of harm: knobs do not change how many nodes there are, and a
    /// change of a load that hardly costs anything is to count for little.</summary>
    public const double PointsPerNodeHour = 1;

    /// <summary>Of the three weights together, so that points are comparable between policies.</summary>
    private const double WeightSum = 3;

    public const int Count = 3;

    public double this[int part] => part switch { 0 => Overload, 1 => Latency, _ => Effort };

    public static ObjectiveParts operator +(ObjectiveParts left, ObjectiveParts right) =>
        new(left.Overload + right.Overload, left.Latency + right.Latency, left.Effort + right.Effort);

    public static ObjectiveParts operator -(ObjectiveParts left, ObjectiveParts right) =>
        new(left.Overload - right.Overload, left.Latency - right.Latency, left.Effort - right.Effort);

    public static ObjectiveParts Of(SimulationScore score) => new(
        score.BreachSeconds, score.SlowSeconds,
        EffortOf(score.BytesMoved, score.LeaderTransfers, score.Reversals)
            + (PointsPerNodeHour * score.NodeHours));

    public static double EffortOf(double bytes, int transfers, int reversals) =>
        (PointsPerGigabyte * bytes / 1e9) + (PointsPerTransfer * transfers) + (PointsPerReversal * reversals);

    /// <summary>The weight of each part, in the order of the parts, summing to three; all 1 where a policy has none.
    /// </summary>
    public static (double Overload, double Latency, double Effort) WeightsOf(ObjectiveWeights weights)
    {
        var sum = weights.Availability + weights.Performance + weights.Cost;
        return sum > 0
            ? (WeightSum * weights.Availability / sum, WeightSum * weights.Performance / sum,
                WeightSum * weights.Cost / sum)
            : (1, 1, 1);
    }

    /// <summary>Points under a policy.</summary>
    public double Points(ObjectiveWeights weights)
    {
        var (overload, latency, effort) = WeightsOf(weights);
        return (overload * Overload) + (latency * Latency) + (effort * Effort);
    }
}
