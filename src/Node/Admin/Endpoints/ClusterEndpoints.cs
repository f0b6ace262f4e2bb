using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>What the cluster is, and taking members out of use.</summary>
internal sealed class ClusterEndpoints(AdminContext context)
{
    public async Task ClusterAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var alerts = context.AlertsOf(reading).Count;
        var view = ClusterViews.Of(reading, context.Source.DefaultPolicy, alerts);
        await AdminContext.WriteAsync(http, view, AdminJson.Default.ClusterView);
    }

    public async Task NodesAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        await AdminContext.WriteAsync(http, NodeViews.All(reading), AdminJson.Default.IReadOnlyListNodeView);
    }

    public async Task NodeAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var view = NodeViews.One(reading, Path.Text(http, "name"));
        await AdminContext.WriteAsync(http, view, AdminJson.Default.NodeView);
    }

    public Task DrainAsync(HttpContext http) => SetDrainingAsync(http, draining: true);

    public Task UndrainAsync(HttpContext http) => SetDrainingAsync(http, draining: false);

    public async Task ShardsAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        // The demand of every shard is known where the history is kept.
        if (await context.TryRelayAsync(http, reading))
            return;
        var views = ShardViews.All(reading, context.Source.Telemetry);
        await AdminContext.WriteAsync(http, views, AdminJson.Default.IReadOnlyListShardView);
    }

    public async Task EventsAsync(HttpContext http)
    {
        var after = Query.Number(http, "after", 0, (0, long.MaxValue));
        var limit = (int)Query.Number(http, "limit", MetaState.EventsKept, (1, MetaState.EventsKept));
        var reading = await context.ReadAsync(http.RequestAborted);
        var views = EventViews.After(reading, after, limit);
        await AdminContext.WriteAsync(http, views, AdminJson.Default.IReadOnlyListEventView);
    }

    public async Task AlertsAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        // The controller also sees what is coming; without it, what is already wrong must still be told.
        if (await context.TryRelayAsync(http, reading))
            return;
        await AdminContext.WriteAsync(http, context.AlertsOf(reading), AdminJson.Default.IReadOnlyListAlertView);
    }

    private async Task SetDrainingAsync(HttpContext http, bool draining)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var name = Path.Text(http, "name");
        var node = reading.Find(name) ?? throw AdminProblem.UnknownNode("node", name, reading.NodeNames);
        var changed = await context.ChangeAsync(
            new SetDraining(node.Number, draining),
            (_, view) => view.Nodes.Any(now => now.Number == node.Number && now.Draining == draining),
            http.RequestAborted);
        await AdminContext.WriteAsync(http, NodeViews.One(changed, name), AdminJson.Default.NodeView);
    }
}
