using System.Collections.Immutable;

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

    private readonly Dictionary<ShardId, FadingSum> _coresPerOp = [];
    private readonly Dictionary<NodeId, Queue<double>> _unexplained = [];
    private FadingSum _lift;
    private FadingSum _scale;

    /// <summary>Takes in what a second's snapshot says of demand, attributed CPU and used CPU, under the placement of
    /// that second.</summary>
    public void Observe(ClusterSnapshot snapshot)
    {
        // A founding member that has yet to report itself holds shards, but its CPU is not known.
        if (!AllHoldersKnown(snapshot))
            return;
        Forget(snapshot);
        var (attributed, served) = (0.0, default(ShardDemand));
        foreach (var shard in snapshot.Shards)
        {
            if (shard.AttributedCpuCores is not { } cores || shard.Demand.OpsPerSecond < OpsMin)
                continue;
            var sum = _coresPerOp.GetValueOrDefault(shard.Id);
            sum.Add(cores, shard.Demand.OpsPerSecond);
            _coresPerOp[shard.Id] = sum;
            attributed += cores;
            served = new ShardDemand(
                served.ReadsPerSecond + shard.Demand.ReadsPerSecond,
                served.WritesPerSecond + shard.Demand.WritesPerSecond, 0);
        }
        _lift.Add(Believed(snapshot.Costs, served, attributed), attributed);
        AddUnexplained(snapshot);
    }

    /// <summary>The same snapshot with what has been learnt in place of what one second says.</summary>
    public ClusterSnapshot Refine(ClusterSnapshot snapshot)
    {
        // A node that reports no CPU (dead since before this controller) has nothing to be known, and must not keep the
        // others from it.
        var isKnown = snapshot.Nodes.All(node => node.Used.CpuCores <= 0 || Background(node.Id) is not null);
        return snapshot with
        {
            Nodes = isKnown
                ? [.. snapshot.Nodes.Select(node => node with { BackgroundCores = Background(node.Id) ?? 0 })]
                : snapshot.Nodes,
            Shards = [.. Priced(snapshot.Shards, isKnown ? Scale : 1)],
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

    /// <summary>CPU that attribution leaves out belongs to all shards by their load: attribution tells shards apart,
    /// the fit over the nodes tells their sum. And never more than the nodes use: time that a thread waited for a core
    /// may have been attributed too.</summary>
    private IEnumerable<ShardLoad> Priced(ImmutableArray<ShardLoad> shards, double scale)
    {
        var factor = Lift * scale;
        foreach (var shard in shards)
        {
            yield return _coresPerOp.TryGetValue(shard.Id, out var sum) && sum.Ratio is { } coresPerOp
                ? shard with { AttributedCpuCores = coresPerOp * factor * shard.Demand.OpsPerSecond }
                : shard;
        }
    }

    private double? Background(NodeId node)
    {
        if (!_unexplained.TryGetValue(node, out var samples) || samples.Count < BackgroundSamplesMin)
            return null;
        var sorted = samples.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private void AddUnexplained(ClusterSnapshot snapshot)
    {
        ShardLoad[] shards = [.. Priced(snapshot.Shards, 1)];
        var costs = new ShardCosts(shards, snapshot.Costs);
        var explained = snapshot.Nodes.ToDictionary(node => node.Id, _ => 0.0);
        for (var i = 0; i < shards.Length; i++)
        {
            foreach (var replica in shards[i].Replicas)
            {
                var coresPerOp = replica.Node == shards[i].Leader ? costs.Leader(i) : costs.Follower(i);
                explained[replica.Node] += coresPerOp * shards[i].Demand.OpsPerSecond;
            }
        }
        // A node that reports no CPU says nothing of what its shards leave.
        var reporting = snapshot.Nodes.Where(node => node.Used.CpuCores > 0).ToArray();
        _scale.Add(reporting.Sum(node => node.Used.CpuCores), reporting.Sum(node => explained[node.Id]));
        foreach (var node in reporting)
            AddUnexplained(node.Id, node.Used.CpuCores - (Scale * explained[node.Id]));
    }

    private void AddUnexplained(NodeId node, double cores)
    {
        if (!_unexplained.TryGetValue(node, out var samples))
            _unexplained[node] = samples = [];
        samples.Enqueue(cores);
        if (samples.Count > BackgroundSamples)
            samples.Dequeue();
    }

    private static bool AllHoldersKnown(ClusterSnapshot snapshot)
    {
        var known = snapshot.Nodes.Select(node => node.Id).ToHashSet();
        return snapshot.Shards.All(shard => shard.Replicas.All(replica => known.Contains(replica.Node)));
    }

    private void Forget(ClusterSnapshot snapshot)
    {
        var nodes = snapshot.Nodes.Select(node => node.Id).ToHashSet();
        var shards = snapshot.Shards.Select(shard => shard.Id).ToHashSet();
        foreach (var gone in _unexplained.Keys.Where(node => !nodes.Contains(node)).ToArray())
            _unexplained.Remove(gone);
        foreach (var gone in _coresPerOp.Keys.Where(shard => !shards.Contains(shard)).ToArray())
            _coresPerOp.Remove(gone);
    }
}
