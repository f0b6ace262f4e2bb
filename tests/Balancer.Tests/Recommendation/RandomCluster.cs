namespace ShardStore.Balancer.Tests;

/// <summary>Clusters drawn from a seed: any placement, any load, some nodes drained or lost, moves under way.</summary>
internal static class RandomCluster
{
    public static TestCluster Draw(int seed, bool isTidy = false)
    {
        var random = new Random(seed);
        var nodes = random.Next(3, 9);
        var cluster = new TestCluster().AddNodes(nodes, zonePrefix: random.Next(2) == 0 ? "z" : "");
        var shards = random.Next(nodes, 8 * nodes);
        // Half of what the cluster could bear in all, placed anyhow: a solution exists, but not yet.
        var mean = 0.5 * nodes / shards;
        for (var i = 0; i < shards; i++)
        {
            var replicas = Enumerable.Range(1, nodes).ToArray();
            random.Shuffle(replicas);
            var skewed = isTidy ? 1 : 1 + (random.Next(3) * (replicas[0] == 1 ? 2 : 0));
            var load = mean * (0.5 + random.NextDouble()) * skewed;
            var growth = isTidy ? 1 : 1 + random.NextDouble();
            var forecast = random.Next(10) == 0
                ? null : TestCluster.Ramp(load, load * growth, load * 0.1 * random.NextDouble());
            cluster.AddShard(load, replicas[..3], forecast);
        }
        if (!isTidy)
            Disturb(cluster, random, nodes, shards);
        return cluster;
    }

    private static void Disturb(TestCluster cluster, Random random, int nodes, int shards)
    {
        if (nodes > 3 && random.Next(3) == 0)
        {
            var state = random.Next(2) == 0 ? NodeState.Draining : NodeState.Down;
            cluster.ChangeNode(random.Next(1, nodes + 1), node => node with { State = state });
        }
        if (random.Next(2) == 0)
            cluster.Policy = cluster.Policy with { PinnedShards = [random.Next(1, shards + 1)] };
        for (var i = random.Next(3); i > 0; i--)
        {
            var endedMs = TestCluster.NowMs - random.Next(2_000_000);
            cluster.Recent.Add(new FinishedMove(
                new ShardId(random.Next(1, shards + 1)), new NodeId(random.Next(1, nodes + 1)),
                new NodeId(random.Next(1, nodes + 1)), MoveKind.ReplicaMove, endedMs));
        }
    }
}
