using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Moves;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Life;

/// <summary>Members that come, go, die and are replaced, under load.</summary>
public sealed class MemberTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Until a dead node counts as down, and then its shards one after the other.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(150);

    private static readonly ClusterShape Shape = new() { Shards = 6 };
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task A_node_enters_takes_a_shard_comes_back_from_a_crash_and_leaves_again()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, new LoadShape { Shards = Shape.Shards });
        using var api = new AdminApi(cluster.AdminPorts);
        await using var added = new EnteredNode(cluster, "n4", cluster.AdminPorts[1]);
        added.Start();
        await WaitAsync(api, added, node => node is { State: "active", Number: 4 }, Patience);

        var move = new Move(api, await api.MigrateAsync(1, "n1", "n4"));
        await move.WaitEndAsync();
        Assert.Equal("Done", move.View.Stage);
        await added.KillAsync();
        await load.WaitServedAsync(Patience);
        added.Start();
        await ServesAsync(added);

        var (code, _, errors) = await CtlAsync(cluster, "remove", "n4");
        Assert.Equal(1, code);
        Assert.Contains("drain it first", errors);
        await api.DrainAsync("n4");
        await WaitAsync(api, added, node => node.ReplicasHeld == 0, DrainPatience);
        Assert.Equal(0, (await CtlAsync(cluster, "remove", "n4")).ExitCode);

        Assert.Equal(["n1", "n2", "n3"], (await api.NodesAsync()).Select(node => node.Name));
        await added.Process.WaitForExitAsync(Patience);
        Assert.Equal(1, added.Process.ExitCode);
        Assert.Contains("members turn this node away: node 4 was removed from this cluster", added.Process.Errors);
        await EndAsync("entered, crashed, drained and removed", load, cluster.Endpoints);
    }

    [Fact]
    public async Task A_dead_node_is_replaced_and_every_shard_has_all_its_copies_again()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, new LoadShape { Shards = Shape.Shards });
        await load.WaitOperationsAsync(300, Patience);
        await cluster.KillAsync(2);
        await load.WaitServedAsync(Patience);
        using var api = new AdminApi([cluster.AdminPorts[0], cluster.AdminPorts[1]]);
        await using var added = new EnteredNode(cluster, "n4", cluster.AdminPorts[0]);
        added.Start();
        await WaitAsync(api, added, node => node.State == "active", Patience);

        await api.DrainAsync("n3");
        await Waiting.UntilAsync(
            async () => (await api.NodesAsync()).Single(node => node.Name == "n3").ReplicasHeld == 0, DrainPatience,
            () => $"n3 still holds copies; {added.Process.Errors}{cluster.Errors()}");
        Assert.Equal(0, (await CtlAsync(cluster, "remove", "n3")).ExitCode);

        Assert.All(await api.ShardsAsync(), shard =>
            Assert.Equal(["n1", "n2", "n4"], shard.Replicas.Select(replica => replica.Node).Order()));
        // A majority with the newcomer and one of the others: it holds what was acknowledged before it came.
        await cluster.KillAsync(0);
        await EndAsync("dead node replaced, another one killed", load, [cluster.Endpoints[1], added.Endpoint]);
    }

    [Fact]
    public async Task A_node_that_lost_its_disk_is_not_let_in_under_its_old_name()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        using var api = new AdminApi(cluster.AdminPorts);
        await using var added = new EnteredNode(cluster, "n4", cluster.AdminPorts[0]);
        added.Start();
        await WaitAsync(api, added, node => node.State == "active", Patience);
        await added.KillAsync();
        added.LoseData();

        var (code, _, errors) = await NodeProcess.RunAsync(added.Arguments);

        Assert.Equal(1, code);
        Assert.Contains("n4 is a member already", errors);
        Assert.Contains("ctl remove n4", errors);
        Assert.Equal(0, (await CtlAsync(cluster, "remove", "n4")).ExitCode);
        added.Start();
        await WaitAsync(api, added, node => node is { State: "active", Number: 5 }, Patience);
    }

    [Fact]
    public async Task A_founding_node_that_lost_its_disk_is_turned_away_before_it_can_vote_and_loses_nothing()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, new LoadShape { Shards = Shape.Shards });
        await load.WaitOperationsAsync(300, Patience);
        await cluster.KillAsync(2);
        Directory.Delete(cluster.DirOf(2), recursive: true);
        cluster.Start(2);
        var (code, errors) = await cluster.WaitEndAsync(2, Patience);
        Assert.Equal(1, code);
        Assert.Contains("2 of 2 members turn this node away: node 3 comes without the data it had", errors);
        Assert.Contains("ctl drain n3 and ctl remove n3", errors);
        await EndAsync("lost disk turned away", load, cluster.Endpoints[..2]);
    }

    private static Task WaitAsync(
        AdminApi api, EnteredNode added, Func<Node.Admin.Contracts.NodeView, bool> isSo, TimeSpan patience)
    {
        var seen = "";
        return Waiting.UntilAsync(
            async () =>
            {
                var nodes = await api.NodesAsync();
                seen = string.Join("; ", nodes.Select(node => $"{node.Name} {node.State} {node.ReplicasHeld} copies"));
                return nodes.SingleOrDefault(node => node.Name == added.Name) is { } view && isSo(view);
            },
            patience, () => $"{seen}; {added.Name}: {added.Process.Errors}{added.Process.Output}");
    }

    /// <summary>It says itself that it is ready, and which shard it holds.</summary>
    private static async Task ServesAsync(EnteredNode added)
    {
        using var api = new AdminApi([added.AdminPort]);
        await Waiting.UntilAsync(
            async () =>
            {
                try
                {
                    return (await api.ShardsAsync()).Count(shard =>
                        shard.Leader is not null && shard.Replicas.Any(replica => replica.Node == added.Name)) == 1;
                }
                catch (IOException)
                {
                    // It is still starting.
                    return false;
                }
            },
            Patience, () => added.Process.Errors);
    }

    private static Task<(int ExitCode, string Output, string Errors)> CtlAsync(
        ClusterProcess cluster, params string[] words) =>
        NodeProcess.RunAsync(["ctl", "--admin", $"http://127.0.0.1:{cluster.AdminPorts[1]}", .. words]);

    private async Task EndAsync(string what, CheckedLoad load, IReadOnlyList<string> endpoints)
    {
        await load.WaitServedAsync(Patience);
        // Half of them write; what the test was about may have been over before so many.
        await load.WaitOperationsAsync(1000, Patience);
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(endpoints);
        _figures.Write($"{what}: {counts}, {load.KeysWritten} keys read back, {lost.Count} lost, longest gap "
            + $"{load.LongestGap.TotalMilliseconds:0} ms");
        Assert.Empty(lost);
        Assert.True(counts.Acknowledged > 300, counts.ToString());
    }
}
