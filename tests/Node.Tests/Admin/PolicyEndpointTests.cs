using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Tests.Admin;

/// <summary>What a policy would change, what each one did, and the schema.</summary>
public sealed class PolicyEndpointTests : IAsyncLifetime
{
    private const string Policy = "/api/v1/policy";
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Versions_tell_what_each_changed_the_newest_first()
    {
        Set("""{"format":1,"preset":"cost"}""");
        Set("""{"format":1,"preset":"cost","mode":"reactive"}""");
        var versions = await VersionsAsync();
        Assert.Equal([(2L, "reactive", "cost"), (1, "predictive", "cost")],
            versions.Select(version => (version.Version, version.Mode, version.Preset!)));
        Assert.Equal(
            new PolicyChangeView("$.mode", "\"predictive\"", "\"reactive\""), Assert.Single(versions[0].Changes));
        Assert.Contains(new PolicyChangeView("$.limits.cooldownSeconds", "600", "1800"), versions[1].Changes);
    }

    [Fact]
    public async Task An_earlier_version_can_be_read_and_the_oldest_are_forgotten()
    {
        for (var version = 1; version <= MetaState.PoliciesKept + 2; version++)
            Set($$$"""{"format":1,"limits":{"cooldownSeconds":{{{version}}}}}""");
        var third = await _bench.GetAsync($"{Policy}/versions/3", AdminJson.Default.PolicyView);
        Assert.Equal(3, third.Version);
        Assert.Equal(3, third.Document.GetProperty("limits").GetProperty("cooldownSeconds").GetInt32());
        Assert.Equal(MetaState.PoliciesKept, (await VersionsAsync()).Count);
        // What the oldest one changed is not known any more.
        Assert.Empty((await VersionsAsync())[^1].Changes);
        var problem = await _bench.RefusedAsync(HttpMethod.Get, $"{Policy}/versions/2");
        Assert.Equal((404, "urn:shardstore:unknown-policy"), (problem.Status, problem.Type));
        Assert.StartsWith("version '2': is not kept; kept are 3, 4,", problem.Detail);
        Assert.Equal(MetaState.PoliciesKept, MetaState.Load(_cluster.Store).Policies.Count);
    }

    [Fact]
    public async Task A_check_tells_the_fields_and_the_moves_and_changes_nothing()
    {
        _cluster.Apply(new SetDraining(2, true));
        _cluster.Decide();
        Assert.NotEmpty(_cluster.Round!.Decision.Recommendations);
        var shard = _cluster.Round.Decision.Recommendations[0].Shard.Value;
        var check = await CheckAsync($$"""{"format":1,"pinnedShards":[{{shard}}]}""");
        Assert.Equal(
            new PolicyChangeView("$.pinnedShards[0]", "absent", $"{shard}"), Assert.Single(check.Changes));
        Assert.Contains(check.Gone, row => row.Shard == shard);
        Assert.DoesNotContain(check.New, row => row.Shard == shard);
        Assert.Equal(0, check.Version);
        Assert.Null(_cluster.State.Policy);
    }

    [Fact]
    public async Task A_check_of_what_is_in_force_finds_nothing()
    {
        _cluster.Decide();
        var check = await CheckAsync("""{"format":1,"mode":"predictive"}""");
        Assert.Equal((0, 0, 0), (check.Changes.Count, check.Gone.Count, check.New.Count));
    }

    [Fact]
    public async Task A_check_refuses_what_setting_would_refuse()
    {
        _cluster.Decide();
        var problem = await _bench.RefusedAsync(
            HttpMethod.Post, $"{Policy}/check", """{"version":0,"document":{"format":1,"limits":{"colour":1}}}""");
        Assert.Equal(400, problem.Status);
        Assert.Contains("$.limits.colour", problem.Detail);
    }

    [Fact]
    public async Task A_node_that_is_not_the_controller_asks_it()
    {
        var around = new TestCluster([_bench.Server.EndPoint.Port, 1, 1, 1]);
        await using var asking = await AdminBench.StartAsync(around.SourceOf(2));
        _cluster.Decide();
        using var answer = await asking.SendAsync(
            HttpMethod.Post, $"{Policy}/check", """{"version":0,"document":{"format":1,"mode":"off"}}""");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Contains("$.mode", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_move_names_the_version_that_called_for_it()
    {
        _cluster.Apply(new StartMigration(MoveKind.ReplicaMove, 1, 1, 4, "test", 50) { PolicyVersion = 7 });
        _cluster.Apply(new StartMigration(MoveKind.ReplicaMove, 2, 2, 1, "by hand", 0));
        var moves = await _bench.GetAsync("/api/v1/migrations", AdminJson.Default.IReadOnlyListMigrationView);
        Assert.Equal(
            [(1, 7L), (2, null)], moves.OrderBy(move => move.Id).Select(move => (move.Shard, move.PolicyVersion)));
    }

    [Fact]
    public async Task The_schema_is_served()
    {
        var (status, text) = await _bench.TextAsync($"{Policy}/schema");
        Assert.Equal(200, status);
        Assert.Contains("\"cooldownSeconds\"", text);
    }

    private void Set(string json) => Assert.True(_cluster.Apply(new SetPolicy(json)).Ok);

    private async Task<IReadOnlyList<PolicyVersionView>> VersionsAsync() =>
        await _bench.GetAsync($"{Policy}/versions", AdminJson.Default.IReadOnlyListPolicyVersionView);

    private async Task<PolicyCheckView> CheckAsync(string document)
    {
        using var answer = await _bench.SendAsync(
            HttpMethod.Post, $"{Policy}/check", $$"""{"version":0,"document":{{document}}}""");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return System.Text.Json.JsonSerializer.Deserialize(text, AdminJson.Default.PolicyCheckView)!;
    }
}
