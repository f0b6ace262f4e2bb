using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;
using ShardStore.Node.Placement;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>The balancer's policy: one document for the whole cluster.</summary>
internal sealed class PolicyEndpoints(AdminContext context)
{
    public async Task GetAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        await WriteAsync(http, reading.View.Policy);
    }

    public async Task PutAsync(HttpContext http)
    {
        var given = await GivenAsync(http);
        var reading = await context.ReadAsync(http.RequestAborted);
        var json = Checked(given.Document.GetRawText(), reading.View.Map);
        var current = reading.View.Policy?.Version ?? 0;
        if (given.Version != current)
        {
            throw AdminProblem.Refused(
                $"version {given.Version}: the policy is at version {current} by now; read it again");
        }
        var changed = await context.ChangeAsync(
            new SetPolicy(json) { Replaces = current }, (_, view) => (view.Policy?.Version ?? 0) > current,
            http.RequestAborted);
        await WriteAsync(http, changed.View.Policy);
    }

    /// <summary>What a document would change; it is refused for the same reasons as when it is set.</summary>
    public async Task CheckAsync(HttpContext http)
    {
        var given = await GivenAsync(http);
        var body = JsonContent.Create(given, AdminJson.Default.PolicyView);
        await context.WithRoundAsync(
            http,
            (reading, round) =>
            {
                var proposed = PolicyDocument.Parse(Checked(given.Document.GetRawText(), reading.View.Map));
                var view = PolicyViews.Check(reading, round, proposed);
                return AdminContext.WriteAsync(http, view, AdminJson.Default.PolicyCheckView);
            },
            body);
    }

    public static Task SchemaAsync(HttpContext http)
    {
        http.Response.ContentType = "application/schema+json";
        return http.Response.WriteAsync(PolicySchema.Write(), http.RequestAborted);
    }

    public async Task VersionsAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var views = PolicyViews.Versions(reading.View.Policies, context.Source.DefaultPolicy);
        await AdminContext.WriteAsync(http, views, AdminJson.Default.IReadOnlyListPolicyVersionView);
    }

    public async Task VersionAsync(HttpContext http)
    {
        var policies = (await context.ReadAsync(http.RequestAborted)).View.Policies;
        var number = Path.Number(http, "version");
        var policy = policies.FirstOrDefault(policy => policy.Version == number)
            ?? throw AdminProblem.UnknownPolicy(
                Path.Text(http, "version"), policies.Select(policy => policy.Version));
        await WriteAsync(http, policy);
    }

    private static async Task<PolicyView> GivenAsync(HttpContext http)
    {
        var given = await AdminContext.BodyAsync(http, AdminJson.Default.PolicyView);
        return given.Document.ValueKind == JsonValueKind.Object
            ? given
            : throw AdminProblem.BadBody(
                "document: is missing or not an object; GET /api/v1/policy shows the form");
    }

    private static string Checked(string json, ShardMap map)
    {
        try
        {
            ProfileShards.Check(PolicyDocument.Parse(json).Profiles, map);
            return json;
        }
        catch (PolicyException problem)
        {
            throw AdminProblem.BadPolicy(problem.Message);
        }
    }

    private async Task WriteAsync(HttpContext http, PolicyRecord? policy)
    {
        var json = policy?.Json ?? PolicyDocument.Write(context.Source.DefaultPolicy);
        using var document = JsonDocument.Parse(json);
        var view = new PolicyView(policy?.Version ?? 0, document.RootElement);
        await AdminContext.WriteAsync(http, view, AdminJson.Default.PolicyView);
    }
}
