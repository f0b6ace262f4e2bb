using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Node.Tests.Cli;

/// <summary>`ctl model`: what people see of a trial, and what is refused before it is sent.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const string Acts = """
        "acting":{"number":3,"note":"july","sha256":"0123456789abcdef","bytes":225326,
        "loadedUnixMs":1790000000000,"byHand":false},"sinceUnixMs":1790000000000
        """;

    private const string Founding = """{"number":0,"note":"","sha256":"","bytes":0,"loadedUnixMs":0,"byHand":false}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-model-").FullName;
    private FakeAdmin _admin = null!;

    public async Task InitializeAsync() => _admin = await FakeAdmin.StartAsync();

    public async Task DisposeAsync()
    {
        await _admin.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_trial_is_told_in_a_sentence()
    {
        _admin.Answer("GET /api/v1/model", "{" + Acts + ",\"beside\":" + Founding + """
            ,"besideIs":"predecessor","trial":{"outcome":"worse","blocks":31,"blockSteps":12,"blocksMin":24,
            "difference":0.052,"standardError":0.011}}
            """);
        var run = await CtlAsync("model");
        Assert.Equal(0, run.ExitCode);
        foreach (var cell in new[] { "july", "acts", "220 KiB", "0123456789ab", "runs along, predecessor" })
            Assert.Contains(cell, run.Output);
        Assert.Contains(
            "trial of the predecessor: worse, after 31 blocks of 12 samples; it loses 5.2 % ± 2.2 % more", run.Output);
    }

    [Fact]
    public async Task A_young_trial_tells_how_much_is_missing()
    {
        _admin.Answer("GET /api/v1/model", "{" + Acts + ",\"beside\":" + Founding + """
            ,"besideIs":"predecessor","trial":{"outcome":"open","blocks":0,"blockSteps":12,"blocksMin":24}}
            """);
        Assert.Contains(
            "trial of the predecessor: 0 of 24 blocks of 12 samples compared", (await CtlAsync("model")).Output);
    }

    [Theory]
    [InlineData("promote", "POST /api/v1/model/promote")]
    [InlineData("rollback", "POST /api/v1/model/rollback")]
    [InlineData("drop", "DELETE /api/v1/model/beside")]
    public async Task Each_step_is_one_request(string step, string request)
    {
        _admin.Answer(request, "{" + Acts + "}");
        Assert.Equal(0, (await CtlAsync("model", step)).ExitCode);
        Assert.Equal(request, Assert.Single(_admin.Requests));
    }

    [Fact]
    public async Task A_model_is_sent_with_its_checksum_and_its_note()
    {
        _admin.Answer("PUT /api/v1/model", "{" + Acts + "}");
        var shipped = Path.Combine(AppContext.BaseDirectory, LstmForecaster.ShippedModel);
        Assert.Equal(0, (await CtlAsync("model", "load", shipped, "--note", "july", "--by-hand")).ExitCode);
        var sent = Assert.Single(_admin.Requests);
        Assert.Contains((await File.ReadAllTextAsync(shipped + ".sha256"))[..64], sent);
        Assert.Contains("\"note\":\"july\",\"byHand\":true", sent);
    }

    [Fact]
    public async Task A_file_that_is_missing_or_damaged_is_not_sent()
    {
        var path = Path.Combine(_folder, "m.onnx");
        await RefusedAsync(path, $"Checksum file {path}.sha256 cannot be read");
        await File.WriteAllTextAsync(path + ".sha256", new string('0', 64));
        await RefusedAsync(path, $"Model file {path} cannot be read");
        await File.WriteAllTextAsync(path, "text");
        await RefusedAsync(path, $"Model file {path} is damaged");
        Assert.Empty(_admin.Requests);
    }

    private async Task RefusedAsync(string path, string reason)
    {
        var run = await CtlAsync("model", "load", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, run.Errors);
    }

    private Task<CliRun> CtlAsync(params string[] arguments) =>
        CliRun.OfAsync(["ctl", .. arguments, "--admin", _admin.Url]);
}
