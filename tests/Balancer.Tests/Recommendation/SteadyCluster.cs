namespace ShardStore.Balancer.Tests;

/// <summary>A cluster under a demand that never changes, from a placement drawn by a seed, lived through minute by
/// minute: what is due is started, takes its time, ends, and nodes report what they hold then. Shards are small beside
/// a node, so that load can be spread evenly.</summary>
internal sealed class SteadyCluster
{
    private const long MinuteMs = 60_000;

    private readonly List<(Recommendation Row, long StartedMs, long EndMs)> _running = [];
    private readonly List<FinishedMove> _finished = [];
    private ClusterSnapshot _snapshot;
    private long _nowMs = TestCluster.NowMs;

    private SteadyCluster(ClusterSnapshot start) => _snapshot = start;

    /// <summary>In the order in which they were begun.</summary>
    public List<Recommendation> Moves { get; } = [];

    /// <summary>When the last of them was begun; 0: none was. Unit: minutes from the start.</summary>
    public long LastMoveMinute { get; private set; }

    public double HighestFraction => _snapshot.Nodes.Max(node => node.Utilization.Cpu);

    public ClusterSnapshot Snapshot => _snapshot;

    public static SteadyCluster Draw(int seed, BalancerMode mode, double fill)
    {
        var random = new Random(seed);
        var nodes = random.Next(3, 10);
        var cluster = new TestCluster().AddNodes(nodes, zonePrefix: random.Next(3) == 0 ? "z" : "");
        cluster.Policy = cluster.Policy with { Mode = mode };
        var sizes = Enumerable.Range(0, nodes).Select(_ => random.Next(3) == 0 ? 2.0 : 1.0).ToArray();
        for (var id = 1; id <= nodes; id++)
            cluster.ChangeNode(id, node => node with { CapacityCores = sizes[node.Id.Value - 1] });
        var shards = random.Next(12, 20) * nodes;
        // What an op costs all three copies, as a multiple of what it costs the leader.
        var writes = random.Next(2) * 0.25;
        var mean = fill * sizes.Sum() / shards / (1 + writes);
        for (var shard = 1; shard <= shards; shard++)
        {
            var load = mean * (0.5 + random.NextDouble());
            var forecast = random.Next(4) == 0 ? null : TestCluster.Flat(load, 0.02 * load);
            cluster.AddShard(load, Place(random, seed % 4, nodes), forecast);
            cluster.ChangeShard(shard, one => one with
            {
                SizeBytes = (long)(2e9 * random.NextDouble()),
                Demand = one.Demand with
                {
                    ReadsPerSecond = one.Demand.OpsPerSecond * (1 - writes),
                    WritesPerSecond = one.Demand.OpsPerSecond * writes,
                },
            });
        }
        return new SteadyCluster(cluster.Snapshot());
    }

    /// <summary>Anyhow; all led by one node; all on the first three; on the first half of the nodes.</summary>
    private static int[] Place(Random random, int kind, int nodes)
    {
        var among = Math.Max(3, kind switch { 2 => 3, 3 => nodes / 2, _ => nodes });
        var replicas = Enumerable.Range(1, among).ToArray();
        random.Shuffle(replicas);
        if (kind == 1)
            replicas = [1, .. replicas.Where(node => node != 1)];
        return replicas[..3];
    }

    public void Live(int minutes)
    {
        for (var minute = 1; minute <= minutes; minute++)
        {
            var at = _snapshot with
            {
                InFlight = [.. _running.Select(running => new MoveInFlight(
                    running.Row.Shard, running.Row.From, running.Row.To, running.Row.Kind, running.StartedMs))],
                RecentMoves = [.. _finished],
            };
            foreach (var row in Planner.Decide(at, _nowMs, 7).Recommendations)
            {
                if (row.ExecuteAtMs > _nowMs)
                    continue;
                Moves.Add(row);
                LastMoveMinute = (_nowMs - TestCluster.NowMs) / MinuteMs;
                _running.Add((row, _nowMs, _nowMs + (long)(1000 * row.Cost.Seconds)));
            }
            _nowMs += MinuteMs;
            Settle();
        }
    }

    private void Settle()
    {
        foreach (var (row, _, endMs) in _running.Where(running => running.EndMs <= _nowMs))
        {
            _snapshot = Placements.CarryOut(_snapshot, row);
            _finished.Add(new FinishedMove(row.Shard, row.From, row.To, row.Kind, endMs));
        }
        if (_running.RemoveAll(running => running.EndMs <= _nowMs) > 0)
            _snapshot = Placements.Remeasure(_snapshot);
    }
}
