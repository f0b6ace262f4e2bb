using System.Security.Cryptography;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>A model that cannot be used: the node says why, naming the file, and goes on with the baselines.</summary>
public sealed class ModelTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(
        Path.GetDirectoryName(NodeProcess.Program)!, "models", "demand-lstm.onnx");

    private readonly NodeTrial _trial = new();

    private string Model => Path.Combine(_trial.Root, "model.onnx");

    public void Dispose() => _trial.Dispose();

    [Fact]
    public async Task The_shipped_model_is_used_without_a_word()
    {
        await using var node = await _trial.StartAsync();
        Assert.DoesNotContain("model", node.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_missing_model_is_named_and_the_baselines_forecast()
    {
        await AssertServesWithoutModelAsync("cannot be read");
    }

    [Fact]
    public async Task A_damaged_model_is_named_and_the_baselines_forecast()
    {
        var bytes = await File.ReadAllBytesAsync(Shipped);
        File.Copy(Shipped + ".sha256", Model + ".sha256");
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(Model, bytes);
        await AssertServesWithoutModelAsync("is damaged");
    }

    [Fact]
    public async Task A_model_of_another_shape_is_named_and_the_baselines_forecast()
    {
        // The width of the features, 356, as the file writes it; one more is another model's.
        byte[] width = [0x08, 0xE4, 0x02];
        var bytes = await File.ReadAllBytesAsync(Shipped);
        var at = bytes.AsSpan().IndexOf(width);
        Assert.True(at > 0, "the shipped model has another width than this test knows");
        bytes[at + 1]++;
        await File.WriteAllBytesAsync(Model, bytes);
        await File.WriteAllTextAsync(Model + ".sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await AssertServesWithoutModelAsync("Model file");
    }

    private async Task AssertServesWithoutModelAsync(string reason)
    {
        await using var node = await _trial.StartAsync("--model", Model);
        var line = node.Errors.Split('\n').Single(line => line.Contains("model", StringComparison.Ordinal));
        Assert.Contains(Model, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Contains("baselines", line, StringComparison.Ordinal);
        Assert.Equal("+OK", _trial.Call("SET a 1"));
        Assert.Equal(0, await node.StopAsync());
    }
}
