using System.Net;
using System.Net.Sockets;
using ShardStore.Balancer;
using ShardStore.Node.Admin;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;

namespace ShardStore.Node.Tests.Admin;

/// <summary>History, forecasts and recommendations, and who is asked for them.</summary>
public sealed class LoadEndpointTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;
    private AdminBench _leader = null!;
    private AdminBench _other = null!;

    public async Task InitializeAsync()
    {
        _cluster = new TestCluster();
        _leader = await AdminBench.StartAsync(_cluster.SourceOf(1));
        _other = await AdminBench.StartAsync(_cluster.SourceOf(2));
        var leader = _cluster.State.Nodes[1] with { AdminPort = _leader.Server.EndPoint.Port };
        _cluster.Apply(new Placement.ReportNode(leader));
        _cluster.Pass(200, heard: [1, 2, 3, 4]);
    }

    public async Task DisposeAsync()
    {
        await _leader.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Every_node_answers_forecasts_by_asking_the_controller()
    {
        _cluster.Decide();
        foreach (var bench in new[] { _leader, _other })
        {
            var forecast = await bench.GetAsync("/api/v1/forecasts/2", AdminJson.Default.ForecastView);
            Assert.Equal((2, "opsPerSecond", 60), (forecast.Shard, forecast.Metric, forecast.StepSeconds));
            Assert.All(forecast.Values, row => Assert.Equal(forecast.Levels.Count, row.Count));
            Assert.NotEmpty(forecast.Values);
            var all = await bench.GetAsync("/api/v1/forecasts", AdminJson.Default.IReadOnlyListForecastView);
            Assert.Equal(Enumerable.Range(1, 8), all.Select(row => row.Shard));
        }
    }

    [Fact]
    public async Task A_forecast_tells_its_record_and_what_was_said_of_the_past()
    {
        for (var minute = 0; minute < 80; minute++)
        {
            _cluster.Pass(60, heard: [1, 2, 3, 4]);
            _cluster.Decide();
        }
        var forecast = await _other.GetAsync("/api/v1/forecasts/2", AdminJson.Default.ForecastView);
        Assert.True(forecast.HistorySteps >= 40);
        Assert.Equal(forecast.Levels, forecast.Coverage.Select(level => level.Level));
        Assert.All(forecast.Coverage, level => Assert.True(level is { Share: >= 0 and <= 1, Compared: > 0 }));
        Assert.Equal(1, forecast.Members.Sum(member => member.Middle), 6);
        Assert.NotEmpty(forecast.Past);
        Assert.Equal(forecast.StartUnixMs - 60_000, forecast.Past[^1].StartUnixMs);
        Assert.All(forecast.Past, past => Assert.True(past.Low <= past.Median && past.Median <= past.High));
        Assert.All(forecast.Past, past => Assert.True(past.Came >= 0));
    }

    [Fact]
    public async Task The_outlook_of_a_node_names_who_makes_its_load()
    {
        _cluster.Pass(60, 0.25f, 1, 2, 3, 4);
        _cluster.Decide();
        var all = await _other.GetAsync("/api/v1/forecasts/nodes", AdminJson.Default.IReadOnlyListNodeForecastView);
        Assert.Equal(["n1", "n2", "n3", "n4"], all.Select(node => node.Node));
        var one = await _other.GetAsync("/api/v1/forecasts/nodes/n2", AdminJson.Default.NodeForecastView);
        Assert.Equal(one.Median.Count, one.High.Count);
        var peak = (int)((one.PeakUnixMs - one.StartUnixMs) / 1000 / one.StepSeconds);
        Assert.Equal(one.Median[peak], one.BackgroundShare + one.Parts.Sum(part => part.Share), 9);
        Assert.InRange(one.OverloadProbability, 0, 1);

        var problem = await _other.RefusedAsync(HttpMethod.Get, "/api/v1/forecasts/nodes/n9");
        Assert.Equal(404, problem.Status);
        Assert.Contains("node 'n9': is not a node; nodes are n1, n2, n3, n4", problem.Detail);
    }

    [Fact]
    public async Task Costs_tell_what_no_shard_accounts_for()
    {
        _cluster.Decide();
        var costs = await _other.GetAsync("/api/v1/costs", AdminJson.Default.CostView);
        Assert.True(costs is { ReadMicros.Value: > 0, WriteMicros.Value: > 0, Samples: >= 0 });
        Assert.Equal(["n1", "n2", "n3", "n4"], costs.Nodes.Select(node => node.Node));
        // A quarter of two cores each, of which shards account for a tenth of both.
        Assert.All(costs.Nodes, node => Assert.Equal(0.5, node.Cores, 6));
        Assert.All(costs.Nodes, node => Assert.Equal(0.3, node.UnattributedCores, 6));
    }

    [Fact]
    public async Task A_forecast_shows_what_profiles_contribute()
    {
        _cluster.Decide();
        var before = await _leader.GetAsync("/api/v1/forecasts/2", AdminJson.Default.ForecastView);
        // The first step to come begins with the last closed minute's end, so the sale begins with the third.
        var start = DateTimeOffset.FromUnixTimeMilliseconds(_cluster.WallMs / 60_000 * 60_000).AddMinutes(2);
        var sale = $$"""{"name":"sale","start":"{{start:yyyy-MM-dd'T'HH:mm:ss'Z'}}","minutes":5,"factor":10}""";
        _cluster.Apply(new Placement.SetPolicy(
            $$"""{"format":1,"profiles":[{"shards":[2],"events":[{{sale}}]},{"tag":"a","growthPercentPerDay":50}]}"""));
        _cluster.Decide();

        var all = await _other.GetAsync("/api/v1/forecasts", AdminJson.Default.IReadOnlyListForecastView);

        var told = all[1];
        var part = Assert.Single(told.Parts);
        Assert.Equal(("event", "sale", 1), (part.Kind, part.Name, part.CameTrue));
        for (var step = 0; step < told.Values.Count; step++)
        {
            var factor = step is >= 2 and < 7 ? 10 : 1;
            Assert.Equal(factor, part.Multipliers[step], 9);
            Assert.Equal(before.Values[step][2] * factor, told.Values[step][2], 6);
        }
        // Slot 15495 belongs to the last of the eight shards.
        Assert.Equal("growth", Assert.Single(all[7].Parts).Name);
        Assert.All(all.Where(row => row.Shard is not (2 or 8)), row => Assert.Empty(row.Parts));
    }

    [Fact]
    public async Task Recommendations_are_ranked_and_say_what_they_are_made_of()
    {
        _cluster.Pass(60, 0.25f, 1, 2, 3, 4);
        _cluster.Apply(new Placement.SetDraining(2, true));
        _cluster.Decide();
        var rows = await _other.GetAsync(
            "/api/v1/recommendations", AdminJson.Default.IReadOnlyListRecommendationView);
        Assert.NotEmpty(rows);
        Assert.Equal(Enumerable.Range(1, rows.Count), rows.Select(row => row.Rank));
        Assert.All(rows, row =>
        {
            Assert.Equal("n2", row.From);
            Assert.Contains(row.Terms, term => term is { Name: "drainPoints", Value: > 0 });
            Assert.All(row.Rejected, rejected => Assert.DoesNotContain(rejected.Code, rejected.Reason));
        });
    }

    [Fact]
    public void Every_reason_against_a_move_has_words()
    {
        foreach (var reason in Enum.GetValues<RejectionReason>().Where(reason => reason != RejectionReason.None))
            Assert.NotEqual(reason.ToString(), RejectionTexts.Of(reason));
    }

    [Fact]
    public async Task Before_the_first_decision_the_answer_is_not_yet()
    {
        foreach (var bench in new[] { _leader, _other })
        {
            var problem = await bench.RefusedAsync(HttpMethod.Get, "/api/v1/recommendations");
            Assert.Equal((503, "urn:shardstore:not-now"), (problem.Status, problem.Type));
        }
    }

    [Fact]
    public async Task A_controller_that_cannot_be_reached_is_named()
    {
        _cluster.Decide();
        _cluster.Apply(new Placement.ReportNode(_cluster.State.Nodes[1] with { AdminPort = UnusedPort() }));
        var problem = await _other.RefusedAsync(HttpMethod.Get, "/api/v1/forecasts");
        Assert.Equal(503, problem.Status);
        Assert.Contains("runs on n1", problem.Detail);
    }

    [Fact]
    public async Task A_request_is_passed_on_once_only()
    {
        // Each of the two believes that the other leads, as can be for a moment.
        _cluster.Decide();
        _cluster.LeaderNode = 3;
        _cluster.Apply(new Placement.ReportNode(
            _cluster.State.Nodes[3] with { AdminPort = _leader.Server.EndPoint.Port }));
        Assert.Equal(503, (await _other.RefusedAsync(HttpMethod.Get, "/api/v1/forecasts")).Status);
        var passedOn = await _other.RefusedAsync(
            HttpMethod.Get, "/api/v1/forecasts", json: null, (ControllerRelay.Header, "n4"));
        Assert.Equal(503, passedOn.Status);
    }

    [Fact]
    public async Task A_forecast_of_an_unknown_shard_names_the_known_ones()
    {
        foreach (var shard in new[] { "0", "9", "x", "4294967297" })
        {
            var problem = await _leader.RefusedAsync(HttpMethod.Get, $"/api/v1/forecasts/{shard}");
            Assert.Equal(404, problem.Status);
            Assert.Equal($"shard '{shard}': does not exist; shards are 1 to 8", problem.Detail);
        }
    }

    [Fact]
    public async Task Series_give_the_closed_steps_of_one_measure()
    {
        var all = await _leader.GetAsync("/api/v1/series?step=10", AdminJson.Default.IReadOnlyListSeriesView);
        Assert.Equal(Enumerable.Range(1, 8), all.Select(series => series.Id));
        var one = Assert.Single(await _other.GetAsync(
            "/api/v1/series?kind=shard&id=3&metric=writesPerSecond&step=1&points=5",
            AdminJson.Default.IReadOnlyListSeriesView));
        Assert.Equal(("shard", 3, "writesPerSecond", 1), (one.Kind, one.Id, one.Metric, one.StepSeconds));
        Assert.Equal([10, 10, 10, 10, 10], one.Values);
        var nodes = await _leader.GetAsync(
            "/api/v1/series?kind=node&metric=cpuShare", AdminJson.Default.IReadOnlyListSeriesView);
        Assert.Equal(4, nodes.Count);
        Assert.Equal(0.25, nodes[0].Values[^1]!.Value, 0.0002);
    }

    [Theory]
    [InlineData("readsPerSecond", 300)]
    [InlineData("opsPerSecond", 310)]
    [InlineData("bytesInPerSecond", 1_000)]
    [InlineData("bytesOutPerSecond", 20_000)]
    [InlineData("bytesPerSecond", 21_000)]
    public async Task A_measure_is_what_it_says_or_the_sum_of_its_parts(string metric, double expected)
    {
        var one = Assert.Single(await _leader.GetAsync(
            $"/api/v1/series?id=3&metric={metric}&step=60&points=2", AdminJson.Default.IReadOnlyListSeriesView));
        Assert.Equal((3, metric, 2), (one.Id, one.Metric, one.Values.Count));
        Assert.All(one.Values, value => Assert.InRange(value!.Value / expected, 0.9995, 1.0005));
    }

    [Fact]
    public async Task What_no_shard_accounts_for_has_a_series_of_its_own()
    {
        var nodes = await _leader.GetAsync(
            "/api/v1/series?kind=node&metric=cpuUnattributedShare", AdminJson.Default.IReadOnlyListSeriesView);
        Assert.Equal(4, nodes.Count);
        Assert.Equal(0.15, nodes[0].Values[^1]!.Value, 0.0002);
    }

    [Theory]
    [InlineData("kind=region", "kind 'region': must be one of shard, node")]
    [InlineData("kind=node&metric=readsPerSecond", "metric 'readsPerSecond': must be one of cpuShare, cpuUnattributed")]
    [InlineData("step=7", "step '7': must be one of 1, 10, 60")]
    [InlineData("points=0", "points '0': must be a whole number from 1 to 4320")]
    [InlineData("id=none", "id 'none': must be a whole number from 1 to ")]
    [InlineData("shard=1", "shard '1': must be left out; known are kind, ")]
    public async Task A_bad_query_names_the_parameter_and_what_is_allowed(string query, string detail)
    {
        var problem = await _leader.RefusedAsync(HttpMethod.Get, $"/api/v1/series?{query}");
        Assert.Equal((400, "urn:shardstore:bad-query"), (problem.Status, problem.Type));
        Assert.StartsWith(detail, problem.Detail);
    }

    private static int UnusedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
