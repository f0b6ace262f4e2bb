using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>Recommendations over HTTP, asked of a node that is not the controller.</summary>
public sealed class RecommendationEndpointTests : IAsyncLifetime
{
    private const string List = "/api/v1/recommendations";
    private readonly TestCluster _cluster = new();
    private AdminBench _leader = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _leader = await AdminBench.StartAsync(_cluster.SourceOf(1));
        _bench = await AdminBench.StartAsync(_cluster.SourceOf(2));
        _cluster.Apply(new ReportNode(_cluster.State.Nodes[1] with { AdminPort = _leader.Server.EndPoint.Port }));
    }

    public async Task DisposeAsync()
    {
        await _leader.DisposeAsync();
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task A_proposal_is_listed_approved_carried_out_and_found_in_the_history()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        var row = Assert.Single(await ListAsync());
        Assert.Equal((1L, "proposed", 1, true), (row.Id, row.State, row.Rank, row.NeedsApproval));
        var approved = await PostAsync("1/approve");
        Assert.Equal("approved", approved.State);
        row = Assert.Single(await ListAsync());
        Assert.Equal(("approved", false), (row.State, row.NeedsApproval));
        Assert.Equal(row.ExpiresUnixMs, row.ApprovedUntilUnixMs);
        Round(Approve, Row(_cluster));
        Round(Approve);
        row = Assert.Single(await ListAsync());
        Assert.Equal(("executing", 0, 1L), (row.State, row.Rank, row.MigrationId));
        _cluster.End(1);
        Assert.Empty(await ListAsync());
        var ended = Assert.Single(await HistoryAsync());
        Assert.Equal(("done", "n1", "n2", "forecastOverload"), (ended.State, ended.From, ended.To, ended.Cause));
        Assert.Equal((0.95, 0.6, null), (ended.Source!.ForecastWithout, ended.Source.ForecastWith, ended.Source.Came));
        Assert.Equal((0.5, "cannotTellYet"), (ended.Cost!.SecondsPlanned, ended.Help!.Verdict));

        var outcome = new MoveOutcome(MoveHelp.Yes)
        {
            MeasuredShare = 1,
            SourcePeak = 0.7,
            SourcePeakWithout = 0.9,
            TargetPeak = 0.5,
            SourceSecondsOverWithout = 600,
        };
        Assert.True(_cluster.Apply(new JudgeRecommendation(1, outcome)).Ok);
        ended = Assert.Single(await HistoryAsync());
        Assert.Equal((0.9, 0.7, 0.5), (ended.Source!.CameWithout, ended.Source.Came, ended.Target!.Came));
        Assert.Equal(
            ("yes", 600.0, 0.0), (ended.Help!.Verdict, ended.Help.SecondsOverWithout, ended.Help.SecondsOver));
    }

    [Fact]
    public async Task A_veto_lasts_as_long_as_it_says_or_an_hour()
    {
        Round(Automatic, Row(_cluster, waitMs: MinuteMs), Row(_cluster, shard: 2, to: 3, waitMs: MinuteMs));
        var first = await PostAsync("1/veto");
        Assert.Equal(("vetoed", _cluster.WallMs + (60 * MinuteMs)), (first.State, first.VetoedUntilUnixMs));
        var second = await PostAsync("2/veto", """{"minutes":5}""");
        Assert.Equal(_cluster.WallMs + (5 * MinuteMs), second.VetoedUntilUnixMs);
        Round(Automatic);
        Assert.Equal([(1L, "vetoed"), (2L, "vetoed")], (await ListAsync()).Select(row => (row.Id!.Value, row.State)));
        _cluster.WallMs += 6 * MinuteMs;
        Assert.Equal([1L], (await ListAsync()).Select(row => row.Id!.Value));
        Assert.Equal([1L, 2L], (await HistoryAsync()).Select(row => row.Id));
    }

    [Theory]
    [InlineData("9/approve", null, 404, "recommendation '9': does not exist; known are 1")]
    [InlineData("x/veto", null, 404, "recommendation 'x': does not exist; known are 1")]
    [InlineData("1/veto", """{"minutes":0}""", 400, "minutes 0: must be a whole number from 1 to 10080")]
    [InlineData("1/veto", """{"minutes":10081}""", 400, "minutes 10081: must be a whole number from 1 to 10080")]
    [InlineData("1/veto", """{"minutes":"long"}""", 400, "$.minutes")]
    [InlineData("1/veto", """{"minute":5}""", 400, "minute")]
    [InlineData("1/veto?minutes=5", null, 400, "minutes '5': must be left out")]
    public async Task Bad_input_is_refused_and_changes_nothing(string path, string? body, int status, string detail)
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        var problem = await _bench.RefusedAsync(HttpMethod.Post, $"{List}/{path}", body);
        Assert.Equal(status, problem.Status);
        Assert.Contains(detail, problem.Detail);
        Assert.Equal(RecommendationState.Proposed, _cluster.Only().State);
    }

    [Fact]
    public async Task What_cannot_be_approved_says_why()
    {
        Round(Automatic, Row(_cluster, waitMs: MinuteMs));
        Assert.Contains("needs no approval: the policy's execution is automatic", await RefusalAsync("1/approve"));
        Round(Advise, Row(_cluster, waitMs: MinuteMs));
        Assert.Contains("execution is advise, nothing starts by itself", await RefusalAsync("1/approve"));
        Round(Approve);
        Assert.Contains("the controller does not propose it any more", await RefusalAsync("1/approve"));
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        await PostAsync("1/approve");
        Assert.Contains("is approved already, until ", await RefusalAsync("1/approve"));
        Round(Approve, Row(_cluster));
        Assert.Contains("is being carried out by migration 1", await RefusalAsync("1/approve"));
        Assert.Contains("it is too late for a veto", await RefusalAsync("1/veto"));
    }

    [Fact]
    public async Task A_foreign_page_may_neither_approve_nor_veto()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        foreach (var path in new[] { "1/approve", "1/veto" })
        {
            var problem = await _bench.RefusedAsync(
                HttpMethod.Post, $"{List}/{path}", json: null, ("Origin", "http://elsewhere.example"));
            Assert.Equal(403, problem.Status);
        }
        Assert.Equal(RecommendationState.Proposed, _cluster.Only().State);
    }

    private void Round(BalancingPolicy policy, params Recommendation[] rows)
    {
        _cluster.Decide(policy, rows);
        _cluster.Act();
    }

    private Task<IReadOnlyList<RecommendationView>> ListAsync() =>
        _bench.GetAsync(List, AdminJson.Default.IReadOnlyListRecommendationView);

    private Task<IReadOnlyList<EndedRecommendationView>> HistoryAsync() =>
        _bench.GetAsync($"{List}/history", AdminJson.Default.IReadOnlyListEndedRecommendationView);

    private async Task<RecommendationView> PostAsync(string path, string? body = null)
    {
        using var answer = await _bench.SendAsync(HttpMethod.Post, $"{List}/{path}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return System.Text.Json.JsonSerializer.Deserialize(text, AdminJson.Default.RecommendationView)!;
    }

    private async Task<string> RefusalAsync(string path)
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Post, $"{List}/{path}");
        Assert.Equal((409, "urn:shardstore:refused"), (problem.Status, problem.Type));
        return problem.Detail;
    }
}
