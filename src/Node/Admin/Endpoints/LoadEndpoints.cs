using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Load: what was, what is coming, what it costs. The last two exist on the controller's node, which any other
/// node asks.</summary>
internal sealed class LoadEndpoints(AdminContext context)
{
    public async Task SeriesAsync(HttpContext http)
    {
        var query = SeriesQuery.Of(http, context.Source.Loads);
        var reading = await context.ReadAsync(http.RequestAborted);
        // Other nodes know the replicated steps only, so the controller is asked first.
        if (await context.TryRelayAsync(http, reading))
            return;
        var views = query.Read(context.Source.Loads);
        await AdminContext.WriteAsync(http, views, AdminJson.Default.IReadOnlyListSeriesView);
    }

    public Task ForecastsAsync(HttpContext http) => context.WithRoundAsync(http, (_, round) =>
        AdminContext.WriteAsync(http, ForecastViews.All(round), AdminJson.Default.IReadOnlyListForecastView));

    public async Task ForecastAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var shards = reading.View.Map.Shards.Select(shard => shard.Id).ToArray();
        if (Path.Number(http, "shard") is not { } number || !shards.Any(shard => shard == number))
            throw AdminProblem.UnknownShard(Path.Text(http, "shard"), shards);
        await context.WithRoundAsync(http, (_, round) =>
        {
            var view = ForecastViews.One(round, (int)number)
                ?? throw AdminProblem.Later($"shard {number}: has no load history yet; the first step takes "
                    + $"{context.Source.Loads.StepSeconds} s");
            return AdminContext.WriteAsync(http, view, AdminJson.Default.ForecastView);
        });
    }

    public Task NodeForecastsAsync(HttpContext http) => context.WithRoundAsync(http, (reading, round) =>
        AdminContext.WriteAsync(
            http, NodeForecastViews.All(reading, round), AdminJson.Default.IReadOnlyListNodeForecastView));

    public async Task NodeForecastAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var name = Path.Text(http, "name");
        var node = reading.Find(name) ?? throw AdminProblem.UnknownNode("node", name, reading.NodeNames);
        await context.WithRoundAsync(http, (_, round) =>
        {
            var view = NodeForecastViews.One(round, node)
                ?? throw AdminProblem.Later($"node {name}: the controller has not heard of its load yet");
            return AdminContext.WriteAsync(http, view, AdminJson.Default.NodeForecastView);
        });
    }

    public Task CostsAsync(HttpContext http) => context.WithRoundAsync(http, (reading, round) =>
        AdminContext.WriteAsync(http, CostViews.Of(reading, round), AdminJson.Default.CostView));
}
