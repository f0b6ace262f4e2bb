using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Utilization;

/// <summary>Utilization comes inside consensus frames and in no other way: it still comes when packet filters let
/// nothing but the peer port through, and between two nodes that cannot reach each other at all.</summary>
public sealed class BlockedChannelsTests(ITestOutputHelper output)
{
    private const int Nodes = 5;
    private const long AgeMsMax = 3_000;
    private readonly Figures _figures = new(output);

    [NamespacesFact]
    public async Task Every_node_knows_the_load_of_all_with_all_channels_but_consensus_blocked()
    {
        // Two shards of one replica each: nodes 3 to 5 share no shard with anybody.
        await using var cluster = new LanCluster(Nodes, shards: 2, replicas: 1);
        await cluster.WaitReadyAsync();
        var open = await LookAsync(cluster);
        Assert.True(cluster.Lan.Reaches(0, 1, LanCluster.AdminPort), "the way to the admin port should be open still");
        cluster.Lan.AllowOnly(LanCluster.PeerPort);
        var (one, other) = PartTwoFollowers(cluster, open);
        Assert.False(cluster.Lan.Reaches(0, 1, LanCluster.AdminPort), "the filter lets the admin port through");
        Assert.False(cluster.Lan.Reaches(1, 0, LanCluster.ClientPort), "the filter lets the client port through");
        Assert.False(cluster.Lan.Reaches(one, other, LanCluster.PeerPort), "the parted nodes still reach each other");
        var blocked = await LookAsync(cluster);
        var later = await NewerAsync(cluster, blocked);
        CheckFrames(open, blocked);
        CheckFrames(blocked, later);
        var relayed = later[one].Single(node => node.Number == other + 1);
        _figures.Write($"utilization, idle, 5 nodes: oldest {OldestMs(open)} ms with all channels open, "
            + $"{OldestMs(later)} ms with all but the peer port blocked; n{one + 1} and n{other + 1} parted: relayed "
            + $"{relayed.Utilization!.AgeMs} ms old, {relayed.InConsensusFrames} blocks");
        Assert.True(Enumerable.Range(0, Nodes).Sum(cluster.Lan.Refused) > 0, "the filters never refused anything");
    }

    /// <summary>Two nodes that need the controller to hear of each other: neither leads the meta group.</summary>
    private static (int One, int Other) PartTwoFollowers(LanCluster cluster, NodeView[][] seen)
    {
        var followers = seen[0].Where(node => !node.IsMetaLeader && node.ReplicasHeld == 0)
            .Select(node => node.Number - 1).Take(2).ToArray();
        cluster.Lan.Part(followers[0], followers[1]);
        return (followers[0], followers[1]);
    }

    private static async Task<NodeView[][]> LookAsync(LanCluster cluster)
    {
        var seen = new NodeView[Nodes][];
        for (var host = 0; host < Nodes; host++)
            seen[host] = await cluster.NodesSeenByAsync(host);
        for (var host = 0; host < Nodes; host++)
        {
            Assert.Equal(Nodes, seen[host].Length);
            Assert.All(seen[host], node =>
            {
                Assert.NotNull(node.Utilization);
                Assert.True(node.Utilization.AgeMs <= AgeMsMax,
                    $"n{host + 1} knows {node.Name} as it was {node.Utilization.AgeMs} ms ago");
            });
        }
        return seen;
    }

    /// <summary>Looks again once every node has had more news of every other.</summary>
    private static async Task<NodeView[][]> NewerAsync(LanCluster cluster, NodeView[][] before)
    {
        var now = before;
        await Waiting.UntilAsync(
            async () =>
            {
                now = await LookAsync(cluster);
                return Pairs(before, now).All(pair => pair.Later.Utilization!.Sequence
                    >= pair.Earlier.Utilization!.Sequence + 3);
            },
            TimeSpan.FromSeconds(30), () => "samples stand still");
        return now;
    }

    /// <summary>Each newer sample of another node was counted as a block inside a consensus frame.</summary>
    private static void CheckFrames(NodeView[][] before, NodeView[][] now)
    {
        foreach (var (earlier, later) in Pairs(before, now))
        {
            Assert.True(later.Utilization!.Sequence > earlier.Utilization!.Sequence, $"{later.Name} stands still");
            Assert.True(later.InConsensusFrames > earlier.InConsensusFrames, $"{later.Name}: news in no frame");
        }
    }

    private static IEnumerable<(NodeView Earlier, NodeView Later)> Pairs(NodeView[][] before, NodeView[][] now) =>
        from host in Enumerable.Range(0, Nodes)
        from node in Enumerable.Range(0, Nodes)
        where host != node
        select (before[host][node], now[host][node]);

    private static long OldestMs(NodeView[][] seen) => seen.Max(nodes => nodes.Max(node => node.Utilization!.AgeMs));
}
