using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Tests.Admin;

/// <summary>History from before, given to a cluster by its API.</summary>
public sealed class SeriesImportTests : IAsyncLifetime
{
    private const string Series = "/api/v1/series";
    private const int Step = 60;
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    /// <summary>The step that is under way; all before it have ended.</summary>
    private long NowStep => _cluster.WallMs / 60_000;

    // A node that does not lead the meta group may be asked as well.
    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(3));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Forecasts_begin_with_what_was_imported()
    {
        var values = Enumerable.Range(0, 100).Select(i => (double?)(i == 7 ? null : 1_000 + i)).ToArray();
        var done = await ImportAsync(NowStep - 100, (2, values), (5, values));
        Assert.Equal((198, 0, 0), (done.Added, done.Known, done.TooOld));
        var histories = new DemandSeries(_cluster.Loads, seasonSteps: 60).Read([1, 2, 5]);
        Assert.Equal([2, 5], histories.Select(view => (int)view.Id.Value));
        foreach (var view in histories)
        {
            Assert.Equal((100, NowStep - 1), (view.History.Count, view.History.LastStep));
            Assert.Equal(1, view.History.FilledCount);
            Assert.InRange(view.History.Values[^1], 1_099 * 0.9995, 1_099 * 1.0005);
        }
    }

    [Fact]
    public async Task What_was_measured_stays_and_the_same_import_again_costs_nothing()
    {
        _cluster.Pass(600, heard: [1, 2, 3, 4]);
        var measured = Ops(3);
        var known = measured.Values.Length;
        var values = Enumerable.Repeat((double?)7, 50).ToArray();
        var done = await ImportAsync(NowStep - 50, (3, values));
        Assert.Equal((50 - known, known), (done.Added, done.Known));
        var after = Ops(3);
        Assert.Equal(50, after.Values.Length);
        Assert.Equal(measured.Values, after.Values[^known..]);
        Assert.All(after.Values[..^known], value => Assert.Equal(7, value, 0.004));
        var batches = _cluster.State.History.Count;
        var again = await ImportAsync(NowStep - 50, (3, values));
        Assert.Equal((0, 50), (again.Added, again.Known));
        Assert.Equal(batches, _cluster.State.History.Count);
    }

    [Fact]
    public async Task A_running_controller_takes_the_past_into_its_series()
    {
        _cluster.Pass(600, heard: [1, 2, 3, 4]);
        var series = new DemandSeries(_cluster.Loads, seasonSteps: 60);
        var before = Assert.Single(series.Read([3])).History.Values.ToArray();
        await ImportAsync(NowStep - 50, (3, Enumerable.Repeat((double?)7, 50).ToArray()));
        var after = Assert.Single(series.Read([3])).History.Values.ToArray();
        Assert.Equal(50, after.Length);
        Assert.Equal(before, after[^before.Length..]);
    }

    [Fact]
    public async Task A_whole_history_goes_through_the_meta_group_in_bounded_pieces()
    {
        var values = Enumerable.Repeat((double?)5, RollupLevel.StepBucketsMax).ToArray();
        var done = await ImportAsync(
            NowStep - values.Length, [.. Enumerable.Range(1, 8).Select(shard => (shard, values))]);
        Assert.Equal(8 * values.Length, done.Added);
        Assert.Equal(2, _cluster.State.History.Count);
        Assert.All(_cluster.Batches(), batch => Assert.InRange(batch.Length, 1, 70_000));
        Assert.Equal(values.Length, Ops(8).Values.Length);
    }

    [Theory]
    [InlineData("opsPerSecond", "opsPerHour", "metric 'opsPerHour': must be one of readsPerSecond, ")]
    [InlineData("\"opsPerSecond\"", "null", "metric '': must be one of readsPerSecond, ")]
    [InlineData("Seconds\":60", "Seconds\":300", "stepSeconds 300: must be 60, the forecast step of this cluster")]
    [InlineData("shard\":1", "shard\":9", "shard '9': does not exist; shards are 1 to 8")]
    [InlineData("shard\":1", "shard\":2", "shards: shard 2 is there twice; once is allowed")]
    [InlineData("7]", "-1]", "shard 1: -1 is no load; allowed are null and 0 to 1E+15")]
    [InlineData("7]", "1e300]", "shard 1: 1E+300 is no load; allowed are null and 0 to 1E+15")]
    [InlineData("7]", "NaN]", "is not the JSON that POST /api/v1/series takes")]
    [InlineData("7]", "\"x\"]", "is not the JSON that POST /api/v1/series takes")]
    [InlineData("[5,7]", "[5]", "values: must be 1 to 4320 of each shard, and as many of all; shard 2 has 2")]
    [InlineData("[5,7]", "[]", "shards: must have an entry a shard, each with values")]
    [InlineData("[{", "[null,{", "shards: must have an entry a shard, each with values")]
    [InlineData("PAST", "NOW", "2 steps from then end in the future; the last one must have ended by ")]
    [InlineData("PAST", "30000", "startUnixMs 30000: must be a multiple of 60000 from 0 on")]
    [InlineData("PAST", "-60000", "startUnixMs -60000: must be a multiple of 60000 from 0 on")]
    [InlineData("{\"metric", "[{\"metric", "is not the JSON that POST /api/v1/series takes")]
    public async Task A_bad_import_is_refused_by_name_and_changes_nothing(string good, string bad, string detail)
    {
        var body = """
            {"metric":"opsPerSecond","stepSeconds":60,"startUnixMs":PAST,
             "shards":[{"shard":2,"values":[5,null]},{"shard":1,"values":[5,7]}]}
            """;
        Assert.Contains(good, body);
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Series, body.Replace(good, bad)
            .Replace("PAST", $"{(NowStep - 10) * 60_000}").Replace("NOW", $"{(NowStep - 1) * 60_000}"));
        Assert.InRange(problem.Status, 400, 404);
        Assert.Contains(detail, problem.Detail);
        Assert.Empty(_cluster.State.History);
        Assert.Empty(_cluster.Loads.Keys());
    }

    [Fact]
    public async Task More_steps_than_are_kept_are_refused()
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Series, Json(new SeriesImport
        {
            Metric = "opsPerSecond",
            StepSeconds = Step,
            StartUnixMs = 0,
            Shards = [new ShardValues(1, new double?[4_321])],
        }));
        Assert.Equal("values: must be 1 to 4320 of each shard, and as many of all; shard 1 has 4321", problem.Detail);
    }

    [Fact]
    public void The_meta_group_takes_no_history_that_it_cannot_read()
    {
        var result = _cluster.Apply(new AppendHistory([1, 2, 3]));
        Assert.Equal((false, "load history of 3 bytes does not start with its magic"), (result.Ok, result.Error));
        Assert.Empty(_cluster.State.History);
    }

    private LoadSeries Ops(int shard) =>
        _cluster.Loads.Series(new MeasureKey(SeriesKind.Shard, shard, LoadMeasure.Ops), Step);

    private async Task<SeriesImportView> ImportAsync(long firstStep, params (int Shard, double?[] Values)[] rows)
    {
        using var answer = await _bench.SendAsync(HttpMethod.Post, Series, Json(new SeriesImport
        {
            Metric = "opsPerSecond",
            StepSeconds = Step,
            StartUnixMs = firstStep * 60_000,
            Shards = [.. rows.Select(row => new ShardValues(row.Shard, row.Values))],
        }));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize(body, AdminJson.Default.SeriesImportView)!;
    }

    private static string Json(SeriesImport import) =>
        JsonSerializer.Serialize(import, AdminJson.Default.SeriesImport);
}
