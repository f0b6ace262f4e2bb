using System.Security.Cryptography;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Forecasts;

/// <summary>The controller dies by kill -9: the next one forecasts the same, with the model that the cluster was given
/// while it ran.</summary>
public sealed class ControllerFailoverTests : IDisposable
{
    private const double Rounding = 1e-9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ClusterShape Shape = new() { Shards = 4, OnDisk = true };
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-failover-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_next_controller_forecasts_the_same_with_the_same_model()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        using var before = new AdminApi(cluster.AdminPorts);
        var history = Path.Combine(_folder, "history.csv");
        await File.WriteAllTextAsync(history, DayCurves.Trace(Shape.Shards));
        await Ctl.RunAsync(cluster.AdminPorts[0], "series", "import", history);
        await Ctl.RunAsync(
            cluster.AdminPorts[1], "model", "load", await OtherModelAsync(), "--note", "other", "--by-hand");
        var loaded = await before.ModelAsync();
        Assert.Equal((0, "other", "candidate"), (loaded.Acting.Number, loaded.Beside?.Note, loaded.BesideIs));
        await Ctl.RunAsync(cluster.AdminPorts[2], "model", "promote");

        // So that no step ends, and changes the forecasts, between the two looks.
        await Waiting.UntilAsync(
            () => DateTimeOffset.UtcNow.ToUnixTimeSeconds() % DayCurves.StepSeconds < DayCurves.StepSeconds - 60,
            TimeSpan.FromSeconds(70), () => "a step ends");
        await Waiting.UntilAsync(
            async () => (await before.ModelAsync()).Acting.Note == "other" && await AreWarmAsync(before), Patience,
            () => "forecasts without the model");
        var told = await before.ForecastsAsync();
        var costs = await before.CostsAsync();
        var nodes = await before.NodesAsync();
        var controller = nodes.Single(node => node.IsMetaLeader).Number - 1;
        await cluster.KillAsync(controller);

        using var after = new AdminApi([.. cluster.AdminPorts.Where((_, node) => node != controller)]);
        IReadOnlyList<ForecastView> next = [];
        await Waiting.UntilAsync(
            async () => (next = await after.ForecastsAsync()).Count == told.Count, Patience,
            () => $"{next.Count} forecasts");
        foreach (var (mine, theirs) in told.Zip(next))
            AssertSame(mine, theirs);
        // Seconds, each with a sample of every node: the next controller has those that it heard as a follower.
        Assert.InRange((await after.CostsAsync()).Samples, 0.9 * costs.Samples, 2 * (costs.Samples + 60));
        var model = await after.ModelAsync();
        Assert.Equal((1, "other", "predecessor"), (model.Acting.Number, model.Acting.Note, model.BesideIs));
        await Ctl.RunAsync(cluster.AdminPorts[(controller + 1) % cluster.Count], "model", "rollback");
        cluster.Start(controller);
        await cluster.WaitReadyAsync();
        using var restarted = new AdminApi([cluster.AdminPorts[controller]]);
        Assert.Equal(0, (await restarted.ModelAsync()).Acting.Number);
    }

    private static async Task<bool> AreWarmAsync(AdminApi api)
    {
        var views = await api.ForecastsAsync();
        return views.Count == Shape.Shards && views.All(view => view.HistorySteps >= DayCurves.Steps
            && view.State == "ok" && view.Scores.Any(score => score.Method == "lstm" && score.Windows > 8));
    }

    private static void AssertSame(ForecastView told, ForecastView next)
    {
        Assert.Equal(
            (told.Shard, told.StartUnixMs, told.Method, told.State),
            (next.Shard, next.StartUnixMs, next.Method, next.State));
        Assert.Equal(told.Past.Count, next.Past.Count);
        foreach (var (was, now) in told.Values.SelectMany(row => row).Zip(next.Values.SelectMany(row => row)))
            Assert.Equal(was, now, Rounding * Math.Max(1, Math.Abs(was)));
        foreach (var (was, now) in told.Coverage.Zip(next.Coverage))
            Assert.Equal(was, now);
    }

    /// <summary>The shipped model with one weight changed by a bit.</summary>
    private async Task<string> OtherModelAsync()
    {
        var path = Path.Combine(_folder, "other.onnx");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(
            Path.GetDirectoryName(NodeProcess.Program)!, "models", "demand-lstm.onnx"));
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await File.WriteAllTextAsync(path + ".sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return path;
    }
}
