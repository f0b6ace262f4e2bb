using Microsoft.AspNetCore.Http;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;
using ShardStore.Node.Placement;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Moves: look, begin, give up.</summary>
internal sealed class MigrationEndpoints(AdminContext context)
{
    private const string AskedFor = "asked for by the operator";

    public async Task AllAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var views = await MigrationViews.AllAsync(reading, context.Source, http.RequestAborted);
        await AdminContext.WriteAsync(http, views, AdminJson.Default.IReadOnlyListMigrationView);
    }

    public async Task OneAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        await WriteAsync(http, reading, Find(http, reading).Id);
    }

    public async Task StartAsync(HttpContext http)
    {
        var request = await AdminContext.BodyAsync(http, AdminJson.Default.MigrateRequest);
        var reading = await context.ReadAsync(http.RequestAborted);
        var shard = reading.View.Map.Shard(request.Shard)
            ?? throw AdminProblem.UnknownShard(
                request.Shard.ToString(), reading.View.Map.Shards.Select(known => known.Id));
        var from = Node(reading, "from", request.From);
        var to = Node(reading, "to", request.To);
        var start = new StartMigration(KindOf(shard, from, to), shard.Id, from.Number, to.Number, AskedFor, Urgency: 0);
        var id = 0L;
        var changed = await context.ChangeAsync(
            start, (result, view) => view.Migrations.Any(known => known.Id == (id = result.Id)), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = $"/api/v1/migrations/{id}";
        await WriteAsync(http, changed, id);
    }

    public async Task CancelAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var migration = Find(http, reading);
        AdminContext.Check(await context.Source.CancelAsync(migration.Id, http.RequestAborted));
        var changed = await context.SeenAsync(
            view => view.Migrations.Any(now => now.Id == migration.Id && now.Stage != migration.Stage),
            http.RequestAborted);
        await WriteAsync(http, changed, migration.Id);
    }

    private async Task WriteAsync(HttpContext http, ClusterReading reading, long id)
    {
        var view = await MigrationViews.OneAsync(reading, context.Source, id, http.RequestAborted);
        await AdminContext.WriteAsync(http, view, AdminJson.Default.MigrationView);
    }

    private static MigrationRecord Find(HttpContext http, ClusterReading reading) =>
        Path.Number(http, "id") is { } id
            ? MigrationViews.Find(reading, id)
            : throw AdminProblem.UnknownMigration(
                Path.Text(http, "id"), reading.View.Migrations.Select(migration => migration.Id));

    private static NodeRecord Node(ClusterReading reading, string field, string? name) =>
        reading.Find(name ?? "") ?? throw AdminProblem.UnknownNode(field, name ?? "", reading.NodeNames);

    /// <summary>A node that holds a copy can only take the leadership, and only the leader can give it.</summary>
    private static MoveKind KindOf(ShardEntry shard, NodeRecord from, NodeRecord to)
    {
        if (shard.Replicas.All(replica => replica.Node != to.Number) || from.Number == to.Number)
            return MoveKind.ReplicaMove;
        if (shard.LeaderNode == from.Number)
            return MoveKind.LeaderTransfer;
        throw AdminProblem.Refused($"{to.Name} holds a copy of shard {shard.Id} already, and {from.Name} does not lead "
            + "it: there is nothing to move between them");
    }
}
