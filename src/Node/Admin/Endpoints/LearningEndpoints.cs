using Microsoft.AspNetCore.Http;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>The agent that turns the policy's knobs: look. What it may do is the policy's to say.</summary>
internal sealed class LearningEndpoints(AdminContext context)
{
    public async Task GetAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var policy = reading.View.Policy is { } set ? PolicyDocument.Parse(set.Json) : BalancingPolicy.Default;
        await AdminContext.WriteAsync(
            http, LearningViews.Of(reading.View.Learning, policy), AdminJson.Default.LearningView);
    }
}
