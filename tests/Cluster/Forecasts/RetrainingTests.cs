using ShardStore.Cluster.Tests.Support;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Forecasts;

/// <summary>A cluster's own history makes a model that the cluster takes: export, training, trial, as
/// docs/operations.md says. How good a model becomes in so few steps is not asked.</summary>
public sealed class RetrainingTests : IDisposable
{
    private const string Torch = "/usr/lib/python3/dist-packages/torch/__init__.py";
    private const string Onnx = "/usr/lib/python3/dist-packages/onnx/__init__.py";

    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-retraining-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact(Torch, Onnx)]
    public async Task A_model_that_was_trained_on_the_clusters_own_history_is_put_on_trial()
    {
        var shape = new ClusterShape { Nodes = 1, Replicas = 1, Shards = 3 };
        await using var cluster = await ClusterProcess.StartAsync(shape);
        var port = cluster.AdminPorts[0];
        var (data, model) = (Directory.CreateDirectory(Path.Combine(_folder, "own")).FullName, _folder);
        var before = Path.Combine(_folder, "before.csv");
        await File.WriteAllTextAsync(before, DayCurves.Trace(shape.Shards));
        await Ctl.RunAsync(port, "series", "import", before);
        await Ctl.RunAsync(port, "series", "export", "--out", Path.Combine(data, "mine.csv"));

        var training = await ToolProcess.RunAsync(
            Path.Combine(Provenance.Root, "training", "train.sh"), "--data", data, "--out", model, "--steps", "20");
        Assert.Contains("3 series", training.Checked());
        var trained = Path.Combine(model, "demand-lstm.onnx");
        await Ctl.RunAsync(port, "model", "load", trained, "--note", "own");

        using var api = new AdminApi(cluster.AdminPorts);
        var view = await api.ModelAsync();
        Assert.Equal((0, "own", "candidate"), (view.Acting.Number, view.Beside?.Note, view.BesideIs));
        Assert.StartsWith(view.Beside!.Sha256, await File.ReadAllTextAsync(trained + ".sha256"));
        await Waiting.UntilAsync(
            async () => (view = await api.ModelAsync()).Trial is not null, TimeSpan.FromSeconds(30),
            () => $"no trial: {view.Problem}");
        Assert.Equal(("open", null), (view.Trial!.Outcome, view.Problem));
    }
}
