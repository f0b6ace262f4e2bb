using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Tests.Admin;

/// <summary>Moves and the policy: what changes the cluster.</summary>
public sealed class ChangeEndpointTests : IAsyncLifetime
{
    private const string Migrations = "/api/v1/migrations";
    private const string Policy = "/api/v1/policy";
    private readonly TestCluster _cluster = new();
    private TestSource _source = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        // Shard 1 lives on n1 (leader), n2, n3. A node that does not lead the meta group may be asked as well.
        _source = _cluster.SourceOf(3);
        _bench = await AdminBench.StartAsync(_source);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_move_is_begun_and_can_be_looked_at()
    {
        using var begun = await _bench.SendAsync(HttpMethod.Post, Migrations, Move(1, "n1", "n4"));
        Assert.Equal((202, "/api/v1/migrations/1"), ((int)begun.StatusCode, begun.Headers.Location!.ToString()));
        var one = await _bench.GetAsync($"{Migrations}/1", AdminJson.Default.MigrationView);
        Assert.Equal((1, "n1", "n4", "replicaMove", "Planned"), (one.Shard, one.From, one.To, one.Kind, one.Stage));
        Assert.Equal("asked for by the operator", one.Reason);
        var shards = await _bench.GetAsync("/api/v1/shards", AdminJson.Default.IReadOnlyListShardView);
        Assert.Equal(1, shards[0].MigrationId);
        Assert.False(shards[0].Replicas.Single(replica => replica.Node == "n4").IsVoter);
    }

    [Fact]
    public async Task Seeding_shows_how_far_the_shards_leader_is()
    {
        _cluster.Apply(new StartMigration(MoveKind.ReplicaMove, 1, 1, 4, "test", 0));
        _cluster.Apply(new AdvanceMigration(1, MigrationStage.Planned, MigrationStage.Seeding, 0, 0, ""));
        _cluster.WallMs += 2_000;
        _source.Status = new ShardStatus(1, 1, 1, 1, [], [], [], [], 4_000, 10_000, 10_000, 5);
        var move = Assert.Single(await _bench.GetAsync(Migrations, AdminJson.Default.IReadOnlyListMigrationView));
        Assert.Equal((4_000, 10_000), (move.BytesMoved, move.BytesTotal));
        Assert.Equal((2_000, 3), (move.BytesPerSecond, move.SecondsLeft));
    }

    [Fact]
    public async Task A_node_that_holds_a_copy_only_takes_the_leadership()
    {
        using var begun = await _bench.SendAsync(HttpMethod.Post, Migrations, Move(1, "n1", "n2"));
        Assert.Equal(202, (int)begun.StatusCode);
        Assert.Equal(MoveKind.LeaderTransfer, _cluster.State.Migrations[1].Kind);
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Migrations, Move(2, "n3", "n4"));
        Assert.Equal(409, problem.Status);
        Assert.StartsWith("n4 holds a copy of shard 2 already", problem.Detail);
    }

    [Theory]
    [InlineData(9, "n1", "n4", 404, "shard '9': does not exist; shards are 1 to 8")]
    [InlineData(1, "x", "n4", 404, "from 'x': is not a node; nodes are n1, n2, n3, n4")]
    [InlineData(1, "n1", "", 404, "to '': is not a node; nodes are n1, n2, n3, n4")]
    [InlineData(1, "n4", "n4", 409, "source and destination are the same node")]
    public async Task A_move_that_makes_no_sense_is_refused_by_name(
        int shard, string from, string to, int status, string detail)
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Migrations, Move(shard, from, to));
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task A_shard_moves_once_at_a_time_and_a_move_can_be_cancelled()
    {
        _cluster.Apply(new StartMigration(MoveKind.ReplicaMove, 1, 1, 4, "test", 0));
        var again = await _bench.RefusedAsync(HttpMethod.Post, Migrations, Move(1, "n2", "n4"));
        Assert.Equal(409, again.Status);
        _cluster.Apply(new AdvanceMigration(1, MigrationStage.Planned, MigrationStage.Seeding, 0, 0, ""));
        using (var cancelled = await _bench.SendAsync(HttpMethod.Post, $"{Migrations}/1/cancel"))
            Assert.True(cancelled.IsSuccessStatusCode);
        var view = await _bench.GetAsync($"{Migrations}/1", AdminJson.Default.MigrationView);
        Assert.Equal(("RollingBack", "cancelled"), (view.Stage, view.Problem));
        foreach (var unknown in new[] { "7", "x" })
        {
            var problem = await _bench.RefusedAsync(HttpMethod.Post, $"{Migrations}/{unknown}/cancel");
            Assert.Equal($"migration '{unknown}': does not exist; known are 1", problem.Detail);
        }
    }

    [Fact]
    public async Task Without_a_meta_leader_a_change_is_refused_for_now()
    {
        _cluster.LeaderNode = 0;
        var problem = await _bench.RefusedAsync(HttpMethod.Post, Migrations, Move(1, "n1", "n4"));
        Assert.Equal((503, "urn:shardstore:not-now"), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task A_policy_replaces_the_version_it_names()
    {
        var before = await _bench.GetAsync(Policy, AdminJson.Default.PolicyView);
        Assert.Equal((0, "predictive"), (before.Version, before.Document.GetProperty("mode").GetString()));
        var body = PolicyBody(0, """{"format":1,"mode":"reactive"}""");
        using (var stored = await _bench.SendAsync(HttpMethod.Put, Policy, body))
            Assert.True(stored.IsSuccessStatusCode);
        var after = await _bench.GetAsync(Policy, AdminJson.Default.PolicyView);
        Assert.Equal((1, "reactive"), (after.Version, after.Document.GetProperty("mode").GetString()));
        var late = await _bench.RefusedAsync(HttpMethod.Put, Policy, body);
        Assert.Equal(409, late.Status);
        Assert.Equal("version 0: the policy is at version 1 by now; read it again", late.Detail);
    }

    [Fact]
    public void The_meta_group_itself_refuses_a_policy_that_replaces_an_old_version()
    {
        Assert.True(_cluster.Apply(new SetPolicy("{}") { Replaces = 0 }).Ok);
        Assert.False(_cluster.Apply(new SetPolicy("{}") { Replaces = 0 }).Ok);
        Assert.True(_cluster.Apply(new SetPolicy("{}")).Ok);
        Assert.Equal(2, _cluster.State.Policy!.Version);
    }

    [Theory]
    [InlineData("""{"version":0,"document":{"format":1,"mode":"sometimes"}}""", "mode")]
    [InlineData("""{"version":0,"document":{"format":1,"triggers":{"threshold":7}}}""", "triggers.threshold")]
    [InlineData("""{"version":0,"document":{"format":1,"limits":{"colour":1}}}""", "$.limits.colour")]
    [InlineData("""{"version":0,"document":{"format":2}}""", "$.format")]
    [InlineData("""{"version":0,"document":{"format":1,"profiles":[{"shards":[1,9],"growthPercentPerDay":1}]}}""",
        "$.profiles[0].shards[1]: shard 9 does not exist; the cluster has 8")]
    [InlineData("""{"version":0,"document":{"format":1,"profiles":[{"shards":[8],"growthPercentPerDay":1},"""
        + """{"tag":"a","growthPercentPerDay":2}]}}""", "$.profiles[1].growthPercentPerDay: contradicts $.profiles[0]")]
    [InlineData("""{"version":0}""", "document")]
    [InlineData("""{"version":"x","document":{}}""", "$.version")]
    [InlineData("""{"version":""", "$.version")]
    public async Task A_policy_that_cannot_be_used_names_the_field(string body, string path)
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Put, Policy, body);
        Assert.Equal(400, problem.Status);
        Assert.Contains(path, problem.Detail);
    }

    private static string Move(int shard, string from, string to) =>
        JsonSerializer.Serialize(new MigrateRequest(shard, from, to), AdminJson.Default.MigrateRequest);

    private static string PolicyBody(long version, string document) =>
        $$"""{"version":{{version}},"document":{{document}}}""";
}
