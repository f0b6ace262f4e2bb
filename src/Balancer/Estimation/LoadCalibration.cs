using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ShardStore.Balancer;

/// <summary>
/// What an op of each shard costs and what each node uses beside its shards, learnt from many seconds. One second of
/// either is mostly noise (a collection, a batch that fell into the next second), and the planner would project it over
/// the whole horizon: nodes would seem to swap places, and shards would be sent after them.
/// Observe one snapshot a second, in order; not thread-safe.
/// </summary>
public sealed class LoadCalibration
{
    /// <summary>Seconds whose median is a node's background.</summary>
    private const int BackgroundSamples = 30;

    /// <summary>Fewer say nothing yet.</summary>
    private const int BackgroundSamplesMin = 10;

    /// <summary>Below that the CPU attributed is housekeeping, not the price of an op.</summary>
    private const double OpsMin = 1;

    /// <summary>What nodes use in step with their load without attributing it to a shard (collections, the network) may
    /// double the price of an op on the word of any fit. In a process that serves many small requests it is ten times
    /// what is attributed; of what is beyond twice, so much is believed as the fit is sure of.</summary>
    private const double LiftUnsureMax = 2;

    /// <summary>A fit that is off by half, as a standard error, is believed by half.</summary>
    private const double Doubt = 2;

    private readonly ShardTable<FadingSum> _coresPerOp = new();
    private readonly Dictionary<NodeId, Queue<double>> _unexplained = [];
    private FadingSum _lift;
    private FadingSum _scale;

    /// <summary>Takes in what a second's snapshot says of demand, attributed CPU and used CPU, under the placement of
    /// that second.</summary>
    public void Observe(ClusterSnapshot snapshot)
    {
        var nodes = new NodeIndex(snapshot.Nodes.AsSpan());
        for (var i = 0; i < snapshot.Nodes.Length; i++)
            nodes.TryAdd(snapshot.Nodes[i].Id, i);
        // A founding member that has yet to report itself holds shards, but its CPU is not known.
        if (!AllHoldersKnown(snapshot, nodes))
            return;
        Forget(nodes);
        var (attributed, served) = (0.0, default(ShardDemand));
        var sums = _coresPerOp.Follow(snapshot.Shards);
        for (var i = 0; i < sums.Length; i++)
        {
            var shard = snapshot.Shards[i];
            if (shard.AttributedCpuCores is not { } cores || shard.Demand.OpsPerSecond < OpsMin)
                continue;
            sums[i].Add(cores, shard.Demand.OpsPerSecond);
            attributed += cores;
            served = new ShardDemand(
                served.ReadsPerSecond + shard.Demand.ReadsPerSecond,
                served.WritesPerSecond + shard.Demand.WritesPerSecond, 0);
        }
        _lift.Add(Believed(snapshot.Costs, served, attributed), attributed);
        AddUnexplained(snapshot, nodes);
    }

    /// <summary>The same snapshot with what has been learnt in place of what one second says.</summary>
    public ClusterSnapshot Refine(ClusterSnapshot snapshot)
    {
        var backgrounds = Array.ConvertAll([.. snapshot.Nodes], node => Background(node.Id));
        // A node that reports no CPU (dead since before this controller) has nothing to be known, and must not keep the
        // others from it.
        var isKnown = true;
        for (var i = 0; i < backgrounds.Length; i++)
            isKnown &= snapshot.Nodes[i].Used.CpuCores <= 0 || backgrounds[i] is not null;
        return snapshot with
        {
            Nodes = isKnown
                ? [.. snapshot.Nodes.Select((node, i) => node with { BackgroundCores = backgrounds[i] ?? 0 })]
                : snapshot.Nodes,
            Shards = Priced(snapshot.Shards, isKnown ? Scale : 1),
        };
    }

    private double Lift => Math.Max(1, _lift.Ratio ?? 1);

    private double Scale => Math.Min(1, _scale.Ratio ?? 1);

    /// <summary>Cores that the leaders take for what they serve: the fit's word, shrunk by its error towards what it is
    /// believed without any.</summary>
    private static double Believed(CostModel costs, ShardDemand served, double attributed)
    {
        var fitted = costs.LeaderCores(served);
        var unsure = Math.Min(fitted, LiftUnsureMax * attributed);
        if (costs.Errors is not { } errors || fitted <= 0)
            return unsure;
        var doubt = Doubt * errors.LeaderCores(served) / fitted;
        return unsure + ((fitted - unsure) / (1 + (doubt * doubt)));
    }

    private ImmutableArray<ShardLoad> Priced(ImmutableArray<ShardLoad> shards, double scale)
    {
        var priced = new ShardLoad[shards.Length];
        var factor = Lift * scale;
        for (var i = 0; i < priced.Length; i++)
        {
            var cores = PricedCores(i, shards[i], factor);
            priced[i] = cores == shards[i].AttributedCpuCores
                ? shards[i] : shards[i] with { AttributedCpuCores = cores };
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(priced);
    }

    /// <summary>CPU that attribution leaves out belongs to all shards by their load: attribution tells shards apart,
    /// the fit over the nodes tells their sum. And never more than the nodes use: time that a thread waited for a core
    /// may have been attributed too. A shard of which nothing is known keeps what its second says.</summary>
    private double? PricedCores(int place, ShardLoad shard, double factor) =>
        _coresPerOp.Find(place, shard.Id).Ratio is { } coresPerOp
            ? coresPerOp * factor * shard.Demand.OpsPerSecond
            : shard.AttributedCpuCores;

    private double? Background(NodeId node)
    {
        if (!_unexplained.TryGetValue(node, out var samples) || samples.Count < BackgroundSamplesMin)
            return null;
        var sorted = samples.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private void AddUnexplained(ClusterSnapshot snapshot, NodeIndex nodes)
    {
        var explained = new double[snapshot.Nodes.Length];
        var lift = Lift;
        for (var i = 0; i < snapshot.Shards.Length; i++)
        {
            var shard = snapshot.Shards[i];
            var (leader, follower) = ShardCosts.CoresPerOp(shard.Demand, PricedCores(i, shard, lift), snapshot.Costs);
            foreach (var replica in shard.Replicas)
            {
                nodes.TryFind(replica.Node, out var node);
                explained[node] += (replica.Node == shard.Leader ? leader : follower) * shard.Demand.OpsPerSecond;
            }
        }
        // A node that reports no CPU says nothing of what its shards leave.
        var (used, modelled) = (0.0, 0.0);
        for (var node = 0; node < explained.Length; node++)
        {
            var cores = snapshot.Nodes[node].Used.CpuCores;
            used += cores > 0 ? cores : 0;
            modelled += cores > 0 ? explained[node] : 0;
        }
        _scale.Add(used, modelled);
        for (var node = 0; node < explained.Length; node++)
        {
            if (snapshot.Nodes[node].Used.CpuCores is > 0 and var cores)
                AddUnexplained(snapshot.Nodes[node].Id, cores - (Scale * explained[node]));
        }
    }

    private void AddUnexplained(NodeId node, double cores)
    {
        if (!_unexplained.TryGetValue(node, out var samples))
            _unexplained[node] = samples = [];
        samples.Enqueue(cores);
        if (samples.Count > BackgroundSamples)
            samples.Dequeue();
    }

    private static bool AllHoldersKnown(ClusterSnapshot snapshot, NodeIndex nodes)
    {
        foreach (var shard in snapshot.Shards)
        {
            foreach (var replica in shard.Replicas)
            {
                if (!nodes.TryFind(replica.Node, out _))
                    return false;
            }
        }
        return true;
    }

    private void Forget(NodeIndex nodes)
    {
        foreach (var gone in _unexplained.Keys.Where(node => !nodes.TryFind(node, out _)).ToArray())
            _unexplained.Remove(gone);
    }
}
