using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Tests.Admin;

/// <summary>What holds for every path: problems, foreign pages, health.</summary>
public sealed class HttpRulesTests : IAsyncLifetime
{
    private const string Drain = "/api/v1/nodes/n2/drain";
    private readonly TestCluster _cluster = new();
    private TestSource _source = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _source = _cluster.SourceOf(1);
        _bench = await AdminBench.StartAsync(_source);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/v1/region", 404)]
    [InlineData("GET", "/api/v2/cluster", 404)]
    [InlineData("DELETE", "/api/v1/cluster", 405)]
    [InlineData("PUT", "/", 405)]
    public async Task What_is_not_there_is_a_problem_document(string method, string path, int status)
    {
        var problem = await _bench.RefusedAsync(new HttpMethod(method), path);
        Assert.Equal(status, problem.Status);
        Assert.Contains(path, problem.Detail);
        if (status == 405)
            Assert.Contains("allowed: GET", problem.Detail);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_foreign_page_cannot_change_anything(string origin)
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Drain, json: null, ("Origin", origin));
        Assert.Equal((403, "urn:shardstore:foreign-origin"), (problem.Status, problem.Type));
        Assert.False(_cluster.State.Nodes[2].Draining);
    }

    [Fact]
    public async Task A_name_that_was_turned_to_this_node_is_foreign_too()
    {
        var host = $"evil.example:{_bench.Server.EndPoint.Port}";
        var problem = await _bench.RefusedAsync(
            HttpMethod.Post, Drain, json: null, ("Host", host), ("Origin", $"http://{host}"));
        Assert.Equal(403, problem.Status);
    }

    [Fact]
    public async Task The_own_page_may_change_the_cluster()
    {
        using var answer = await _bench.SendAsync(
            HttpMethod.Post, Drain, json: null, ("Origin", $"http://{_bench.Server.EndPoint}"));
        Assert.True(answer.IsSuccessStatusCode);
        Assert.True(_cluster.State.Nodes[2].Draining);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_must_be_json(string type)
    {
        var problem = await _bench.RefusedAsync(
            HttpMethod.Post, "/api/v1/migrations", """{"shard":1,"from":"n1","to":"n4"}""", ("Content-Type", type));
        Assert.Equal(415, problem.Status);
        Assert.Contains("must be application/json", problem.Detail);
        Assert.Empty(_cluster.State.Migrations);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Put, "/api/v1/policy", new string(' ', 2 << 20));
        Assert.Equal(413, problem.Status);
    }

    [Fact]
    public async Task A_node_whose_loop_hangs_is_not_healthy_and_says_so()
    {
        Assert.Equal((200, "ok\n"), await _bench.TextAsync("/healthz"));
        _source.IsStuck = true;
        Assert.Equal((503, "the node's loop does not turn\n"), await _bench.TextAsync("/healthz"));
        Assert.Equal(503, (await _bench.TextAsync("/readyz")).Status);
        var problem = await _bench.RefusedAsync(HttpMethod.Get, "/api/v1/cluster");
        Assert.Equal((503, "urn:shardstore:not-now"), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task A_node_that_is_not_ready_gives_its_reasons()
    {
        Assert.Equal((200, "ready\n"), await _bench.TextAsync("/readyz"));
        _source.Figures = _source.Figures with { GroupsWithoutLeader = [0, 5], ApplyLagEntries = 20_000 };
        var (status, text) = await _bench.TextAsync("/readyz");
        Assert.Equal(503, status);
        Assert.Equal(
            [
                "the meta group has no leader",
                "shard 5 has no leader",
                "20000 entries are yet to be applied, more than 10000",
            ],
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((200, "ok\n"), await _bench.TextAsync("/healthz"));
    }

    [Fact]
    public async Task The_index_lists_the_endpoints()
    {
        var (status, text) = await _bench.TextAsync("/");
        Assert.Equal(200, status);
        foreach (var path in new[] { "/metrics", "/api/v1/cluster", "/api/v1/migrations/{id}/cancel" })
            Assert.Contains(path, text);
    }

    [Fact]
    public async Task Json_leaves_out_what_is_not_known_and_is_never_cached()
    {
        _cluster.LeaderNode = 0;
        using var answer = await _bench.SendAsync(HttpMethod.Get, "/api/v1/cluster");
        Assert.DoesNotContain("metaLeader", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.False(answer.Headers.Contains("Server"));
    }
}
