using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public sealed class OnnxModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_runtime_computes_what_was_trained()
    {
        using var vectors = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(ShippedModel.SourceFolder, "test-vectors.json")));
        using var model = OnnxModel.Load(ShippedModel.Path);
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            var features = new float[OnnxModel.Width];
            var scale = LstmFeatures.Fill(Numbers(one, "history"), one.GetProperty("season").GetInt32(), features);
            Assert.Equal(one.GetProperty("scale").GetDouble(), scale, tolerance: 1e-9 * scale);
            AssertClose(Numbers(one, "features"), features);

            var quantiles = new float[OnnxModel.OutputWidth];
            model.Run(features, quantiles, 1);
            AssertClose(Numbers(one, "quantiles"), quantiles);
        }
    }

    [Fact]
    public void A_row_does_not_depend_on_its_batch()
    {
        const int rows = OnnxModel.BatchRowsMax + 7;
        using var model = OnnxModel.Load(ShippedModel.Path);
        var random = new Random(11);
        var features = new float[rows * OnnxModel.Width];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (float)((random.NextDouble() * 4) - 2);
        }

        var together = new float[rows * OnnxModel.OutputWidth];
        var alone = new float[OnnxModel.OutputWidth];
        model.Run(features, together, rows);
        for (var row = 0; row < rows; row++)
        {
            model.Run(features.AsSpan(row * OnnxModel.Width, OnnxModel.Width), alone, 1);
            Assert.Equal(alone, together.AsSpan(row * OnnxModel.OutputWidth, OnnxModel.OutputWidth).ToArray());
        }
    }

    [Fact]
    public void No_rows_are_no_call()
    {
        using var model = OnnxModel.Load(ShippedModel.Path);
        model.Run([], [], 0);
    }

    [Fact]
    public void Rows_and_room_must_fit()
    {
        using var model = OnnxModel.Load(ShippedModel.Path);
        var error = Assert.Throws<ArgumentException>(
            () => model.Run(new float[OnnxModel.Width], new float[OnnxModel.OutputWidth], 2));
        Assert.Contains("2 rows need 356 features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_during_runs_ends_them_with_an_exception_at_worst()
    {
        var model = OnnxModel.Load(ShippedModel.Path);
        using var started = new CountdownEvent(2);
        var workers = Enumerable.Range(0, 2).Select(_ => new Thread(() => RunUntilDisposed(model, started))).ToArray();
        Array.ForEach(workers, w => w.Start());
        Assert.True(started.Wait(TimeSpan.FromSeconds(20)));
        model.Dispose();
        Assert.All(workers, w => Assert.True(w.Join(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public void A_missing_model_is_named() => AssertRefused(Path.Combine(_folder, "none.onnx"), "cannot be read");

    [Fact]
    public void A_missing_checksum_is_named()
    {
        var path = Copy(bytes => bytes);
        File.Delete(path + ".sha256");
        AssertRefused(path, "Checksum file", "cannot be read");
    }

    [Fact]
    public void A_checksum_file_without_a_checksum_is_refused()
    {
        var path = Copy(bytes => bytes);
        File.WriteAllText(path + ".sha256", "not a digest\n");
        AssertRefused(path, "holds no SHA-256");
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        var original = File.ReadAllBytes(ShippedModel.Path);
        var random = new Random(13);
        for (var i = 0; i < 20; i++)
        {
            var place = random.Next(original.Length);
            var path = Copy(bytes => bytes);
            var damaged = (byte[])original.Clone();
            damaged[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            AssertRefused(path, "is damaged", "is expected");
        }
    }

    [Fact]
    public void A_truncated_model_is_found()
    {
        var original = File.ReadAllBytes(ShippedModel.Path);
        AssertRefused(Copy(bytes => bytes[..^100], digestOf: original), "is damaged");
        AssertRefused(Copy(_ => [], digestOf: original), "is damaged");
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused_by_the_runtime()
        => AssertRefused(Copy(_ => "these bytes are no model"u8.ToArray()), "is refused by ONNX Runtime");

    [Fact]
    public void A_model_without_our_metadata_is_refused()
        => AssertRefused(
            Copy(bytes => Replace(bytes, "shardstore.window"u8, "shardstore.windox"u8)),
            "has no metadata shardstore.window: '96' is expected");

    [Fact]
    public void A_model_of_another_format_is_refused()
        => AssertRefused(
            Copy(bytes => Replace(
                bytes, "shardstore.format\u0012\u0001\u0031"u8, "shardstore.format\u0012\u0001\u0039"u8)),
            "has '9' as metadata shardstore.format: '1' is expected");

    [Fact]
    public void A_model_with_another_input_is_refused()
        => AssertRefused(
            Copy(bytes => Replace(bytes, "features"u8, "featurez"u8)),
            "featurez[-1,356]: features[-1,356] is expected");

    [Fact]
    public void A_model_of_another_shape_is_refused()
        => AssertRefused(Copy(bytes => Replace(bytes, [0x08, 0xE4, 0x02], [0x08, 0xE5, 0x02])), "Model file");

    [Fact]
    public void A_missing_library_is_named()
    {
        var path = Path.Combine(_folder, "libonnxruntime.so.1");
        var error = Assert.Throws<ForecastModelException>(() => OnnxRuntime.Load(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be loaded", error.Message, StringComparison.Ordinal);
    }

    private static void RunUntilDisposed(OnnxModel model, CountdownEvent started)
    {
        var features = new float[OnnxModel.Width];
        var quantiles = new float[OnnxModel.OutputWidth];
        var first = true;
        try
        {
            while (true)
            {
                model.Run(features, quantiles, 1);
                if (first)
                {
                    started.Signal();
                    first = false;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            Assert.False(first);
        }
    }

    private static double[] Numbers(JsonElement one, string name)
        => one.GetProperty(name).EnumerateArray().Select(v => v.GetDouble()).ToArray();

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            // 1e-5 of a unit, or of the value where it is larger: float has no more digits than that.
            Assert.Equal(expected[i], actual[i], tolerance: 1e-5 * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    private static void AssertRefused(string path, params string[] parts)
    {
        Assert.False(LstmForecaster.TryLoad(path, out _, out var problem));
        Assert.Contains(path, problem, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, problem, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', problem!);
    }

    /// <summary>A changed copy of the shipped model, with the checksum of the copy unless another is asked
    /// for.</summary>
    private string Copy(Func<byte[], byte[]> change, byte[]? digestOf = null)
    {
        var path = Path.Combine(_folder, "demand-lstm.onnx");
        var bytes = change(File.ReadAllBytes(ShippedModel.Path));
        File.WriteAllBytes(path, bytes);
        File.WriteAllText(path + ".sha256", Convert.ToHexStringLower(SHA256.HashData(digestOf ?? bytes)) + "  x\n");
        return path;
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var found = 0;
        var span = bytes.AsSpan();
        for (var at = span.IndexOf(from); at >= 0; at = span.IndexOf(from))
        {
            to.CopyTo(span[at..]);
            span = span[(at + from.Length)..];
            found++;
        }

        Assert.True(found > 0, $"'{Encoding.ASCII.GetString(from)}' is not in the model");
        return bytes;
    }
}
