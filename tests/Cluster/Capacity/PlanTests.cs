using System.Text.Json;
using ShardStore.Cluster.Tests.Forecasts;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Capacity;

/// <summary>`ctl plan` asked of real processes, with a history that was imported.</summary>
public sealed class PlanTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ClusterShape Shape = new() { Shards = 4, Balancer = "predictive" };
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_with_a_history_tells_how_long_its_nodes_will_do_and_one_without_that_it_cannot()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        string[] ask = ["ctl", "plan", "--json", "--days", "2", "--admin", $"http://127.0.0.1:{cluster.AdminPorts[1]}"];
        using var api = new AdminApi(cluster.AdminPorts);
        // Costs are the controller's; before its first round there are none.
        await Waiting.UntilAsync(
            async () => (await NodeProcess.RunAsync(ask)).Errors.Contains("no history yet", StringComparison.Ordinal),
            Patience, () => "plan is not refused for want of history");
        var history = Path.Combine(_folder, "history.csv");
        await File.WriteAllTextAsync(history, DayCurves.Trace(Shape.Shards));
        await Ctl.RunAsync(cluster.AdminPorts[0], "series", "import", history);

        var told = await Ctl.RunAsync(cluster.AdminPorts[2], "plan", "--json", "--days", "2", "--nodes", "+2");

        using var document = JsonDocument.Parse(told);
        var root = document.RootElement;
        var cases = root.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal([3, 3, 5], cases.Select(one => one.GetProperty("nodes").GetInt32()));
        Assert.Equal(["n1", "n2", "n3", "new-1", "new-2"], cases[2].GetProperty("byNode").EnumerateArray()
            .Select(node => node.GetProperty("node").GetString()));
        Assert.Equal(3 * 48, cases[1].GetProperty("nodeHours").GetDouble(), 0.5);
        Assert.Equal(5 * 48, cases[2].GetProperty("nodeHours").GetDouble(), 0.5);
        Assert.All(cases, one => Assert.True(one.GetProperty("peakUtilization").GetDouble() > 0));
        Assert.InRange(root.GetProperty("growthPercentPerDay").GetDouble(), -3, 3);
        var sentences = root.GetProperty("sentences").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.StartsWith("Demand of the next 2 days is taken to be that of the last day again", sentences[0]);
        Assert.Contains(sentences, line => line.StartsWith("With 2 more nodes of 1 core each: peak "));
        Assert.Equal(3, (await api.NodesAsync()).Length);
        var refused = await NodeProcess.RunAsync([.. ask, "--drain", "n1"]);
        Assert.Contains("2 nodes would be left for 3 copies of each shard", refused.Errors);
    }
}
