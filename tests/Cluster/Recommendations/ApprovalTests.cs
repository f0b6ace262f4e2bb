using System.Text.Json;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Recommendations;

/// <summary>Nothing moves unless an operator approves it; what an operator vetoes stays, also under the next
/// controller. One node is kept busy by reads of the shards it leads; the balancer acts on measured load, so that
/// nothing has to be learnt first.</summary>
public sealed class ApprovalTests(ITestOutputHelper output) : IDisposable
{
    private const int StepSeconds = 5;

    /// <summary>Far above what the others use with nothing to do: load that goes to a node which is over its threshold,
    /// too, is no gain. Far below what the reads take of the busy one.</summary>
    private const double Threshold = 0.5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongEnoughToMove = TimeSpan.FromSeconds(10);

    private static readonly ClusterShape Shape = new()
    {
        Shards = 24,
        CapacityCores = 0.2,
        // An election that nobody asked for would take the load off the busy node.
        More = ["--forecast-step-seconds", $"{StepSeconds}", "--election-ms", "5000", "--heartbeat-ms", "200"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-approval-").FullName;
    private readonly Figures _figures = new(output);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_proposal_is_carried_out_once_approved_and_a_veto_outlives_the_controller()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        using var api = new AdminApi(cluster.AdminPorts);
        var nodes = await api.NodesAsync();
        var hot = nodes.First(node => !node.IsMetaLeader);
        var shards = await api.ShardsAsync();
        var led = shards.Where(shard => shard.Leader == hot.Name).Select(shard => shard.Id);
        await using var load = await ReadLoad.StartAsync(cluster.Endpoints, led, Shape.Shards);
        await SetAsync(cluster.AdminPorts[0], "approve");

        var proposed = await ProposalAsync(api, hot.Name, without: 0);
        Assert.True(proposed.NeedsApproval);
        Assert.Empty(await api.MigrationsAsync());
        var approved = await Ctl.RunAsync(cluster.AdminPorts[1], "approve", $"{proposed.Id}");
        Assert.Contains($"recommendation {proposed.Id} (leaderTransfer of shard {proposed.Shard} from {hot.Name} to "
            + $"{proposed.To}) is approved until ", approved);
        var ended = await EndedAsync(api, proposed.Id!.Value);
        Assert.Equal(("done", proposed.Shard, proposed.To), (ended.State, ended.Shard, ended.To));
        Assert.Equal(ended.MigrationId, Assert.Single(await api.MigrationsAsync()).Id);
        Assert.Equal(proposed.To, (await api.ShardAsync(proposed.Shard)).Leader);
        await CheckOutcomeAsync(cluster, api, ended);

        var second = await ProposalAsync(api, hot.Name, without: proposed.Shard);
        var veto = await Ctl.RunAsync(cluster.AdminPorts[2], "veto", $"{second.Id}", "--minutes", "30");
        Assert.Contains($"recommendation {second.Id} is vetoed: shard {second.Shard} stays until ", veto);
        var controller = (await api.NodesAsync()).Single(node => node.IsMetaLeader).Number - 1;
        await cluster.KillAsync(controller);
        using var after = new AdminApi([.. cluster.AdminPorts.Where((_, node) => node != controller)]);
        var port = cluster.AdminPorts[(controller + 1) % cluster.Count];
        await CheckVetoHoldsAsync(after, port, second);
    }

    private async Task CheckOutcomeAsync(ClusterProcess cluster, AdminApi api, EndedRecommendationView ended)
    {
        await Waiting.UntilAsync(
            async () => (ended = await EndedAsync(api, ended.Id)).Help!.Verdict != "cannotTellYet", 2 * Patience,
            () => $"no verdict of {ended}");
        // How busy the machine is decides whether it helped; that something was measured does not depend on it.
        Assert.Contains(ended.Help!.Verdict, new[] { "yes", "no", "notNeeded" });
        Assert.InRange(ended.Help.MeasuredShare!.Value, 0.8, 1);
        Assert.True(ended.Source!.Came > 0 && ended.Source.CameWithout > ended.Source.Came);
        Assert.True(ended.Target!.Came > 0 && ended.Cost!.Seconds > 0);
        var why = await Ctl.RunAsync(cluster.AdminPorts[2], "why", $"m{ended.MigrationId}");
        Assert.Contains("and an operator approved it", why);
        Assert.Contains("peaked at", why);
        var outcomes = await Ctl.RunAsync(cluster.AdminPorts[0], "outcomes");
        Assert.Contains($"m{ended.MigrationId}", outcomes);
        _figures.Write(why.ReplaceLineEndings(" "));
    }

    /// <summary>The next controller, which may start whatever it wants by itself, leaves the shard alone. How many
    /// others it moves depends on how busy the machine is.</summary>
    private async Task CheckVetoHoldsAsync(AdminApi api, int port, RecommendationView vetoed)
    {
        // The list is that of its rounds.
        await Waiting.UntilAsync(
            async () => (await api.RecommendationsAsync()).Any(row => row.Id == vetoed.Id), Patience,
            () => "the next controller does not decide, or has forgotten the veto");
        await SetAsync(port, "automatic");
        await Waiting.LastAsync(LongEnoughToMove);
        var moves = await api.MigrationsAsync();
        _figures.Write($"under the next controller {moves.Length - 1} shards moved, and not shard {vetoed.Shard}");
        Assert.DoesNotContain(moves, move => move.Shard == vetoed.Shard);
        var listed = (await api.RecommendationsAsync()).Where(row => row.Shard == vetoed.Shard).ToArray();
        Assert.Equal([(vetoed.Id, "vetoed")], listed.Select(row => (row.Id, row.State)));
        Assert.Contains($"An operator vetoed recommendation {vetoed.Id} ",
            await Ctl.RunAsync(port, "why", $"{vetoed.Shard}"));
    }

    private async Task SetAsync(int port, string execution)
    {
        var file = Path.Combine(_folder, $"{execution}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            format = 1,
            mode = "reactive",
            execution,
            triggers = new { threshold = Threshold, horizonMinutes = 0.5, urgencyMin = 0, meanTolerance = 0 },
            limits = new { settleSeconds = 0, leaderFloor = 0 },
        }));
        await Ctl.RunAsync(port, "policy", "set", file);
    }

    /// <summary>One that has its number, of the busy node, about another shard.</summary>
    private static async Task<RecommendationView> ProposalAsync(AdminApi api, string from, int without)
    {
        var seen = "";
        RecommendationView? found = null;
        await Waiting.UntilAsync(
            async () =>
            {
                var rows = await api.RecommendationsAsync();
                found = rows.FirstOrDefault(row =>
                    row.State == "proposed" && row.Id is not null && row.From == from && row.Shard != without);
                seen = found is null ? await DescribeAsync(api, from, rows) : "";
                return found is not null;
            },
            Patience, () => $"no proposal to take load off {from}: {seen}");
        return found!;
    }

    private static async Task<string> DescribeAsync(
        AdminApi api, string from, IReadOnlyList<RecommendationView> rows)
    {
        var use = (await api.NodesAsync()).Select(node => $"{node.Name} {node.Utilization?.CpuShare:0.00}");
        var led = (await api.ShardsAsync()).FirstOrDefault(shard => shard.Leader == from);
        var why = led is null ? "it leads nothing" : await api.WhyAsync(led.Id);
        return $"{rows.Count} rows, CPU {string.Join(", ", use)}; {why}";
    }

    private static async Task<EndedRecommendationView> EndedAsync(AdminApi api, long id)
    {
        EndedRecommendationView? found = null;
        await Waiting.UntilAsync(
            async () => (found = (await api.OutcomesAsync()).FirstOrDefault(row => row.Id == id)) is not null,
            Patience, () => $"recommendation {id} does not end");
        return found!;
    }
}
