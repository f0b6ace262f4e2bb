using System.Collections.Immutable;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Capacity;

/// <summary>The running cluster as one to be simulated: its nodes, its placement, and costs as its planner would take
/// them from the snapshot, which from then on are the true ones. Nodes and shards by index, in the order of their ids;
/// added nodes come last.</summary>
internal sealed class CapacityCluster
{
    private readonly ClusterSnapshot _snapshot;
    private readonly NodeLoad[] _nodes;
    private readonly ShardLoad[] _shards;
    private readonly PlanState _state;

    public CapacityCluster(ClusterSnapshot snapshot)
    {
        _snapshot = snapshot;
        _nodes = [.. snapshot.Nodes.OrderBy(node => node.Id)];
        _shards = [.. snapshot.Shards.OrderBy(shard => shard.Id)];
        _state = new PlanState(_nodes, _shards, DemandGrid.Flat(_shards), snapshot.Costs);
        // What was learnt over many seconds counts for every node, not what one moment leaves unexplained.
        _state.Measure(_nodes.Select(node => node.Id).ToHashSet());
    }

    /// <summary>Cores of a node that would be added.</summary>
    public double AddedCores
    {
        get
        {
            var sorted = _nodes.Select(node => node.CapacityCores).Order().ToArray();
            return sorted[sorted.Length / 2];
        }
    }

    /// <summary>The cluster from the first scored step on.</summary>
    public SimulatedCluster With(CapacityChange change, BalancingPolicy policy, int firstStep)
    {
        double[] added = [.. Enumerable.Repeat(AddedCores, change.AddedNodes)];
        var design = new ClusterDesign
        {
            Seed = 1,
            CapacityCores = [.. _nodes.Select(node => node.CapacityCores), .. added],
            IdleCores = [.. Enumerable.Range(0, _nodes.Length).Select(Idle), .. added.Select(_ => AddedIdle())],
            Zones = Zones(change.AddedNodes),
            Shards = [.. Enumerable.Range(0, _shards.Length).Select(Traits)],
            Placement = [.. _shards.Select(Placement)],
        };
        return new SimulatedCluster(design, Renumbered(policy), Events(change, firstStep));
    }

    /// <summary>When all nodes together are above the threshold, on whichever node a shard lies, and how many more of
    /// the added size would keep them below it in every scored step.</summary>
    /// <returns>The first such step and the nodes; null and 0 where there is none.</returns>
    public (int? FirstStep, int Missing) Shortage(DemandTable demand, ClusterDesign design, double threshold)
    {
        var limit = (threshold * design.CapacityCores.Sum()) - design.IdleCores.Sum();
        (int? first, double highest) = (null, limit);
        for (var step = demand.HistorySteps; step < demand.Steps; step++)
        {
            var cores = 0.0;
            for (var shard = 0; shard < design.Shards.Length; shard++)
            {
                var traits = design.Shards[shard];
                var followers = design.Placement[shard].Length - 1;
                cores += demand.Point(shard, step)
                    * (traits.LeaderCoresPerOp + (followers * traits.FollowerCoresPerOp));
            }
            first ??= cores > limit ? step : null;
            highest = Math.Max(highest, cores);
        }
        // A node that idles above the threshold would never help.
        var each = Math.Max((threshold * AddedCores) - AddedIdle(), 0.01 * AddedCores);
        return (first, (int)Math.Ceiling((highest - limit) / each));
    }

    /// <summary>What is measured beyond the shards' costs. Of a node that is down nothing is known: it idles as the
    /// others when it returns.</summary>
    private double Idle(int node) => _nodes[node].State == NodeState.Down
        ? _snapshot.Costs.IdleCores : Math.Max(0, _state.Curves[node].BackgroundCores);

    private double AddedIdle() => Enumerable.Range(0, _nodes.Length).Average(Idle);

    private ShardTraits Traits(int shard)
    {
        var demand = _shards[shard].Demand;
        var reads = demand.OpsPerSecond > 0 ? demand.ReadsPerSecond / demand.OpsPerSecond : 0.5;
        return new ShardTraits(
            _shards[shard].SizeBytes, reads, _state.Costs.Leader(shard), _state.Costs.Follower(shard));
    }

    /// <summary>Copies that have no vote yet are part of moves under way, which are left out.</summary>
    private int[] Placement(ShardLoad shard)
    {
        var holders = shard.Replicas.Where(replica => replica.IsVoter).Select(replica => replica.Node)
            .OrderBy(node => node != shard.Leader);
        return [.. holders.Select(node => Array.FindIndex(_nodes, known => known.Id == node))];
    }

    /// <summary>An added node stands in the zone that has the fewest.</summary>
    private string[] Zones(int added)
    {
        var zones = _nodes.Select(node => node.Zone).ToList();
        for (; added > 0; added--)
        {
            zones.Add(zones.GroupBy(zone => zone).OrderBy(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal).First().Key);
        }
        return [.. zones];
    }

    private BalancingPolicy Renumbered(BalancingPolicy policy) => policy with
    {
        PinnedShards =
        [
            .. policy.PinnedShards.Select(pinned => Array.FindIndex(_shards, shard => shard.Id.Value == pinned) + 1)
                .Where(place => place > 0),
        ],
    };

    private ImmutableArray<ClusterEvent> Events(CapacityChange change, int firstStep)
    {
        var events = ImmutableArray.CreateBuilder<ClusterEvent>();
        for (var node = 0; node < _nodes.Length; node++)
        {
            if (_nodes[node].State == NodeState.Down)
                events.Add(new ClusterEvent(firstStep, ClusterEventKind.Fail, node));
            if (_nodes[node].IsLeaving || _nodes[node].Id == change.Drained)
                events.Add(new ClusterEvent(firstStep, ClusterEventKind.Drain, node));
        }
        return events.ToImmutable();
    }
}
