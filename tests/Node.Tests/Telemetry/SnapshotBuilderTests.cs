using ShardStore.Balancer;
using ShardStore.Node.Tests.Admin;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class SnapshotBuilderTests
{
    private static readonly int[] All = [1, 2, 3, 4];
    private readonly TestCluster _cluster = new();

    [Fact]
    public void A_second_that_stands_alone_is_not_a_nodes_load()
    {
        _cluster.Pass(20, 0.25f, All);
        _cluster.Pass(1, 2.0f, All);
        _cluster.Pass(1, 0.25f, All);
        var node = Node1();
        Assert.Equal(0.25, node.Utilization.Cpu, 3);
        Assert.Equal(0.5, node.Used.CpuCores, 3);
        Assert.All(node.RecentCpu, share => Assert.Equal(0.25, share, 3));
    }

    [Fact]
    public void A_load_that_stays_counts_after_three_seconds()
    {
        _cluster.Pass(20, 0.25f, All);
        _cluster.Pass(3, 0.9f, All);
        Assert.Equal(0.25, Node1().Utilization.Cpu, 3);
        _cluster.Pass(1, 0.9f, All);
        var node = Node1();
        Assert.Equal(0.9, node.Utilization.Cpu, 3);
        Assert.Equal(10, node.RecentCpu.Length);
        Assert.Equal(0.9, node.RecentCpu[^1], 3);
        Assert.Equal(0.25, node.RecentCpu[^2], 3);
    }

    [Fact]
    public void A_node_without_history_has_the_load_it_told_last() => Assert.Equal(0.25, Node1().Utilization.Cpu, 3);

    private NodeLoad Node1()
    {
        _cluster.Decide();
        return _cluster.Round!.Snapshot.Nodes.Single(node => node.Id.Value == 1);
    }
}
