namespace ShardStore.Balancer.Simulation;

/// <summary>
/// Draws a cluster by a seed. Shards are ordered by a hash and dealt out to the nodes in turn, so that every node leads
/// as many as any other and holds as many replicas, as stores place shards of which they know nothing yet. Capacity
/// follows from the demand: the cluster is as full as it was asked to be.
/// </summary>
public static class ClusterDraw
{
    /// <summary>Cores of a node, as far as the demand's own unit allows: it is scaled to that.</summary>
    public const double NodeCores = 4;

    private const double ReadCpuSeconds = 25e-6;
    private const double WriteCpuSeconds = 60e-6;
    private const double FollowerWriteCpuSeconds = 35e-6;

    /// <summary>Deviation of the logarithm of what an op costs: values and commands differ from shard to shard.
    /// </summary>
    private const double CostSpread = 0.2;

    /// <summary>Of a node's capacity.</summary>
    private const double IdleShare = 0.02;

    /// <summary>Read share that demand is scaled for.</summary>
    private const double NominalReads = 0.75;

    private enum Trait
    {
        Place = 1,
        Size = 2,
        Reads = 3,
        Cost = 4,
    }

    /// <summary>Demand in ops/s whose nodes have about <see cref="NodeCores"/>: traces come in any unit.</summary>
    public static DemandTable Scale(DemandTable demand, ClusterRules rules)
    {
        var ops = Enumerable.Range(0, demand.Shards).Sum(demand.ScoredMean);
        var coresPerOp = LeaderCost(NominalReads) + ((rules.Replicas - 1) * FollowerCost(NominalReads));
        var cores = rules.Nodes * NodeCores * (rules.Load - IdleShare);
        return ops > 0 ? demand.Scaled(cores / (ops * coresPerOp)) : demand;
    }

    public static ClusterDesign Of(DemandTable demand, ClusterRules rules, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.Nodes, rules.Replicas);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.Zones, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Zones, rules.Nodes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Math.Min(rules.Load, rules.PeakLoad), IdleShare);
        var shards = new ShardTraits[demand.Shards];
        var coresPerOp = new double[demand.Shards];
        for (var shard = 0; shard < shards.Length; shard++)
        {
            shards[shard] = TraitsOf(rules, seed, shard);
            coresPerOp[shard] =
                shards[shard].LeaderCoresPerOp + ((rules.Replicas - 1) * shards[shard].FollowerCoresPerOp);
        }

        var (mean, peak) = demand.ScoredSums(coresPerOp);
        var weights = Weights(rules);
        var needed = Math.Max(mean / (rules.Load - IdleShare), peak / (rules.PeakLoad - IdleShare)) / weights.Sum();
        var capacity = Array.ConvertAll(weights, weight => weight * (needed > 0 ? needed : NodeCores));
        return new ClusterDesign
        {
            Seed = seed,
            CapacityCores = capacity,
            IdleCores = Array.ConvertAll(capacity, all => all * IdleShare),
            Zones = rules.Zones == 1 ? []
                : [.. Enumerable.Range(0, rules.Nodes).Select(node => $"z{Zone(rules, node)}")],
            Shards = shards,
            Placement = Deal(demand.Shards, rules, seed),
        };
    }

    private static double LeaderCost(double reads) => (reads * ReadCpuSeconds) + ((1 - reads) * WriteCpuSeconds);

    private static double FollowerCost(double reads) => (1 - reads) * FollowerWriteCpuSeconds;

    private static ShardTraits TraitsOf(ClusterRules rules, ulong seed, int shard)
    {
        var reads = rules.ReadShare.Min
            + ((rules.ReadShare.Max - rules.ReadShare.Min) * SeededDraw.Uniform(Draw(seed, shard, Trait.Reads)));
        var cost = Math.Exp(CostSpread * SeededDraw.Normal(Draw(seed, shard, Trait.Cost)));
        var size = rules.ShardBytes * Math.Exp(rules.SizeSpread * SeededDraw.Normal(Draw(seed, shard, Trait.Size)));
        return new ShardTraits((long)size, reads, cost * LeaderCost(reads), cost * FollowerCost(reads));
    }

    private static double[] Weights(ClusterRules rules)
    {
        var weights = new double[rules.Nodes];
        for (var node = 0; node < weights.Length; node++)
        {
            weights[node] = 1 + ((rules.CapacityRatio - 1) * node / Math.Max(1, weights.Length - 1));
        }

        return weights;
    }

    private static int[][] Deal(int shards, ClusterRules rules, ulong seed)
    {
        var order = Enumerable.Range(0, shards).ToArray();
        Array.Sort(Array.ConvertAll(order, shard => Draw(seed, shard, Trait.Place)), order);
        var placement = new int[shards][];
        for (var i = 0; i < shards; i++)
        {
            var (leader, deal) = (i % rules.Nodes, i / rules.Nodes);
            // Other neighbours in each deal: else the same nodes would share all their shards.
            var others = Enumerable.Range(0, rules.Nodes - 1)
                .Select(k => (leader + 1 + ((deal + k) % (rules.Nodes - 1))) % rules.Nodes);
            placement[order[i]] = Spread(leader, others, rules);
        }

        return placement;
    }

    /// <summary>The leader and the first of the others: those of zones that have no copy yet before the rest.</summary>
    private static int[] Spread(int leader, IEnumerable<int> others, ClusterRules rules)
    {
        var taken = new List<int>(rules.Replicas) { leader };
        foreach (var node in others.TakeWhile(_ => taken.Count < Math.Min(rules.Replicas, rules.Zones)))
        {
            if (taken.TrueForAll(copy => Zone(rules, copy) != Zone(rules, node)))
            {
                taken.Add(node);
            }
        }

        foreach (var node in others.TakeWhile(_ => taken.Count < rules.Replicas))
        {
            if (!taken.Contains(node))
            {
                taken.Add(node);
            }
        }

        return [.. taken];
    }

    private static int Zone(ClusterRules rules, int node) => 1 + (node % rules.Zones);

    private static ulong Draw(ulong seed, int shard, Trait trait) => SeededDraw.Mix(seed, shard, (long)trait);
}
