using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Metrics;
using ShardStore.Node.Admin.Views;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>For machines that watch the node. Health does not depend on a quorum: a cluster that lost its majority must
/// not have all its processes restarted.</summary>
internal sealed class HealthEndpoints(AdminContext context)
{
    private const ulong ApplyLagEntriesMax = 10_000;

    public async Task HealthAsync(HttpContext http)
    {
        try
        {
            await context.Source.FiguresAsync(http.RequestAborted);
            await TextAsync(http, 200, ["ok"]);
        }
        catch (TimeoutException)
        {
            await TextAsync(http, 503, ["the node's loop does not turn"]);
        }
    }

    public async Task ReadyAsync(HttpContext http)
    {
        var reasons = await ReasonsAsync(http.RequestAborted);
        await TextAsync(http, reasons.Count == 0 ? 200 : 503, reasons.Count == 0 ? ["ready"] : reasons);
    }

    public async Task MetricsAsync(HttpContext http)
    {
        var figures = await context.Source.FiguresAsync(http.RequestAborted);
        var reading = await context.ReadAsync(http.RequestAborted);
        var text = new PrometheusText();
        NodeMetrics.Write(text, reading, figures);
        ClusterMetrics.Write(text, reading, figures, context.AlertsOf(reading));
        http.Response.ContentType = PrometheusText.ContentType;
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private async Task<List<string>> ReasonsAsync(CancellationToken cancellation)
    {
        try
        {
            var figures = await context.Source.FiguresAsync(cancellation);
            return Reasons(await context.ReadAsync(cancellation), figures);
        }
        catch (TimeoutException)
        {
            return ["the node's loop does not turn"];
        }
    }

    private static List<string> Reasons(ClusterReading reading, NodeFigures figures)
    {
        var reasons = new List<string>();
        var shards = reading.View.Map.Shards;
        if (shards.IsEmpty)
            reasons.Add("the cluster is not founded yet");
        if (reading.Find(reading.SelfNode) is null)
            reasons.Add("this node has not joined the cluster yet");
        reasons.AddRange(figures.GroupsWithoutLeader.Select(group => group == 0
            ? "the meta group has no leader"
            : $"shard {group} has no leader"));
        if (figures.ApplyLagEntries > ApplyLagEntriesMax)
            reasons.Add($"{figures.ApplyLagEntries} entries are yet to be applied, more than {ApplyLagEntriesMax}");
        var elsewhere = shards.Count(shard =>
            ClusterViews.IsUnserved(reading, shard) && !figures.GroupsWithoutLeader.Contains((ulong)shard.Id));
        if (elsewhere > 0)
            reasons.Add($"{elsewhere} shards of other nodes have no leader");
        return reasons;
    }

    private static Task TextAsync(HttpContext http, int status, IEnumerable<string> lines)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(string.Join('\n', lines) + "\n", http.RequestAborted);
    }
}
