using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ShardStore.Node.Admin.Endpoints;

namespace ShardStore.Node.Admin;

/// <summary>Every path of the admin server. The index page is written from the same list, so it cannot lie.</summary>
internal sealed class AdminRoutes
{
    private const string Api = "/api/v1";

    private readonly List<AdminRoute> _routes;

    public AdminRoutes(AdminContext context)
    {
        var health = new HealthEndpoints(context);
        var cluster = new ClusterEndpoints(context);
        var members = new MemberEndpoints(context);
        var loads = new LoadEndpoints(context);
        var imports = new ImportEndpoints(context);
        var migrations = new MigrationEndpoints(context);
        var proposals = new RecommendationEndpoints(context);
        var policy = new PolicyEndpoints(context);
        var models = new ModelEndpoints(context);
        var backup = new BackupEndpoints(context);
        _routes =
        [
            new("GET", "/healthz", "the process works", health.HealthAsync),
            new("GET", "/readyz", "the node can serve, or why not", health.ReadyAsync),
            new("GET", "/metrics", "Prometheus text", health.MetricsAsync),
            new("GET", $"{Api}/cluster", "the cluster in one document", cluster.ClusterAsync),
            new("GET", $"{Api}/nodes", "members and their utilization", cluster.NodesAsync),
            new("GET", $"{Api}/nodes/{{name}}", "one member", cluster.NodeAsync),
            new("POST", $"{Api}/nodes", "enter this cluster: a node asks it for itself", members.EnterAsync),
            new("DELETE", $"{Api}/nodes/{{name}}", "remove a member that holds nothing", members.RemoveAsync),
            new("POST", $"{Api}/nodes/{{name}}/drain", "move all shards off a member", cluster.DrainAsync),
            new("DELETE", $"{Api}/nodes/{{name}}/drain", "let it take shards again", cluster.UndrainAsync),
            new("GET", $"{Api}/shards", "slots, leaders, copies, demand", cluster.ShardsAsync),
            new("GET", $"{Api}/shards/{{shard}}/backup", "content of a shard led here", backup.StreamAsync),
            new("GET", $"{Api}/events", "what happened: ?after=SEQUENCE&limit=COUNT", cluster.EventsAsync),
            new("GET", $"{Api}/alerts", "what is wrong now", cluster.AlertsAsync),
            new("GET", $"{Api}/series", SeriesQuery.Help, loads.SeriesAsync),
            new("POST", $"{Api}/series", "take over history of shards from before", imports.ImportAsync),
            new("GET", $"{Api}/forecasts", "coming demand of all shards", loads.ForecastsAsync),
            new("GET", $"{Api}/forecasts/nodes", "coming load of all members", loads.NodeForecastsAsync),
            new("GET", $"{Api}/forecasts/nodes/{{name}}", "coming load of one member", loads.NodeForecastAsync),
            new("GET", $"{Api}/forecasts/{{shard}}", "coming demand of one shard", loads.ForecastAsync),
            new("GET", $"{Api}/costs", "what demand costs a node's CPU, with errors", loads.CostsAsync),
            new("GET", $"{Api}/recommendations", "ranked moves with their reasons and states", proposals.AllAsync),
            new("GET", $"{Api}/recommendations/history", "those that ended, and what came of them",
                proposals.HistoryAsync),
            new("POST", $"{Api}/recommendations/{{id}}/approve", "let one start in its window",
                proposals.ApproveAsync),
            new("POST", $"{Api}/recommendations/{{id}}/veto", "keep its shard where it is for a while",
                proposals.VetoAsync),
            new("GET", $"{Api}/why/{{name}}", "why a shard (7) or a migration (m17) did or did not move",
                proposals.WhyAsync),
            new("GET", $"{Api}/migrations", "moves, running and ended", migrations.AllAsync),
            new("POST", $"{Api}/migrations", "begin a move", migrations.StartAsync),
            new("GET", $"{Api}/migrations/{{id}}", "one move", migrations.OneAsync),
            new("POST", $"{Api}/migrations/{{id}}/cancel", "give a move up", migrations.CancelAsync),
            new("GET", $"{Api}/policy", "the balancer's policy", policy.GetAsync),
            new("PUT", $"{Api}/policy", "replace the policy", policy.PutAsync),
            new("POST", $"{Api}/policy/check", "what a policy would change", policy.CheckAsync),
            new("GET", $"{Api}/policy/schema", "JSON Schema of the document", PolicyEndpoints.SchemaAsync),
            new("GET", $"{Api}/policy/versions", "the newest versions and what each changed", policy.VersionsAsync),
            new("GET", $"{Api}/policy/versions/{{version}}", "one version", policy.VersionAsync),
            new("GET", $"{Api}/model", "the forecast model that acts, and the one beside", models.GetAsync),
            new("PUT", $"{Api}/model", "put a model on trial", models.PutAsync),
            new("POST", $"{Api}/model/promote", "let the model on trial act", models.PromoteAsync),
            new("POST", $"{Api}/model/rollback", "go back to the model before", models.RollBackAsync),
            new("DELETE", $"{Api}/model/beside", "let the one beside go", models.DropAsync),
        ];
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var route in _routes)
            routes.MapMethods(route.Path, [route.Method], route.Answer);
        var index = IndexPage.Of(_routes);
        routes.MapMethods("/", ["GET"], http => IndexPage.WriteAsync(http, index));
    }
}

/// <summary>One method of one path.</summary>
internal sealed record AdminRoute(string Method, string Path, string Help, RequestDelegate Answer);
