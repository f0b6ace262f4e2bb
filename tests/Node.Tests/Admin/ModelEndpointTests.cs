using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Tests.Admin;

/// <summary>The model of the demand forecaster over the API, with the shipped model as the one that is given.</summary>
public sealed class ModelEndpointTests : IAsyncLifetime
{
    private const string Model = "/api/v1/model";

    private static readonly byte[] Shipped = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, LstmForecaster.ShippedModel));

    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_cluster_begins_with_the_model_of_the_start()
    {
        var view = await _bench.GetAsync(Model, AdminJson.Default.ModelView);
        Assert.Equal((0, null, null, null), (view.Acting.Number, view.Beside, view.BesideIs, view.Trial));
    }

    [Fact]
    public async Task A_model_is_loaded_promoted_and_rolled_back()
    {
        var loaded = await DoneAsync(HttpMethod.Put, Model, Upload(Shipped));
        Assert.Equal((0, 1, "candidate"), (loaded.Acting.Number, loaded.Beside!.Number, loaded.BesideIs));
        Assert.Equal(
            ("retrained", Shipped.Length, Sha(Shipped)),
            (loaded.Beside.Note, loaded.Beside.Bytes, loaded.Beside.Sha256));
        _cluster.Decide();
        var tried = await _bench.GetAsync(Model, AdminJson.Default.ModelView);
        Assert.Equal(("open", 0, null), (tried.Trial!.Outcome, tried.Trial.Blocks, tried.Trial.Difference));
        var promoted = await DoneAsync(HttpMethod.Post, $"{Model}/promote");
        Assert.Equal(
            (1, 0, "predecessor"), (promoted.Acting.Number, promoted.Beside!.Number, promoted.BesideIs));
        _cluster.Decide();
        Assert.Null(_cluster.Round!.Forecasts.ModelProblem);
        var back = await DoneAsync(HttpMethod.Post, $"{Model}/rollback");
        Assert.Equal((0, null), (back.Acting.Number, back.Beside));
    }

    [Fact]
    public async Task The_one_beside_can_be_let_go()
    {
        await DoneAsync(HttpMethod.Put, Model, Upload(Shipped));
        Assert.Null((await DoneAsync(HttpMethod.Delete, $"{Model}/beside")).Beside);
    }

    [Theory]
    [InlineData("POST", "/promote", "no model is on trial; load one with `ctl model load FILE`")]
    [InlineData("POST", "/rollback", "there is no model to go back to")]
    [InlineData("DELETE", "/beside", "no model runs beside the one that acts")]
    public async Task What_cannot_be_done_is_refused_with_the_reason(string method, string path, string reason)
    {
        var problem = await _bench.RefusedAsync(new HttpMethod(method), Model + path);
        Assert.Equal((409, reason), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task A_model_that_is_damaged_on_its_way_is_refused()
    {
        var bytes = Shipped.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        var upload = Upload(bytes) with { Sha256 = Sha(Shipped) };
        await RefusedAsync(upload, $"sha256 '{Sha(Shipped)}': that of the model is {Sha(bytes)}; it is damaged");
    }

    [Fact]
    public async Task What_is_no_model_is_refused() =>
        await RefusedAsync(Upload("text"u8.ToArray()), "the model is refused");

    [Fact]
    public async Task A_model_of_another_shape_is_refused()
    {
        byte[] width = [0x08, 0xE4, 0x02];
        var bytes = Shipped.ToArray();
        var at = bytes.AsSpan().IndexOf(width);
        Assert.True(at > 0, "the shipped model has another width than this test knows");
        bytes[at + 1]++;
        await RefusedAsync(Upload(bytes), "the model ");
    }

    [Fact]
    public async Task A_model_whose_weights_are_no_numbers_is_refused()
    {
        var bytes = Shipped.ToArray();
        bytes.AsSpan(bytes.Length / 2, 64).Fill(0xFF);
        await RefusedAsync(Upload(bytes), "answers a plain wave with nothing");
    }

    [Fact]
    public async Task A_model_that_is_too_large_is_refused() => await RefusedAsync(
        Upload(new byte[ModelRules.BytesMax + 1]), $"onnx: has {ModelRules.BytesMax + 1} bytes; allowed are 1 to");

    [Fact]
    public async Task A_body_without_a_model_is_refused()
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Put, Model, """{"sha256":"ab"}""");
        Assert.Equal(400, problem.Status);
    }

    private static ModelUpload Upload(byte[] onnx) => new() { Onnx = onnx, Sha256 = Sha(onnx), Note = "retrained" };

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<ModelView> DoneAsync(HttpMethod method, string path, ModelUpload? upload = null)
    {
        using var answer = await _bench.SendAsync(method, path, upload is null ? null : Json(upload));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(AdminJson.Default.ModelView))!;
    }

    private async Task RefusedAsync(ModelUpload upload, string reason)
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Put, Model, Json(upload));
        Assert.Equal((400, "Model not accepted"), (problem.Status, problem.Title));
        Assert.Contains(reason, problem.Detail);
        Assert.Equal(ModelSet.Founding, _cluster.State.Models);
    }

    private static string Json(ModelUpload upload) => JsonSerializer.Serialize(upload, AdminJson.Default.ModelUpload);
}
