using Microsoft.AspNetCore.Http;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Recommendations: look, approve, veto, and ask why.</summary>
internal sealed class RecommendationEndpoints(AdminContext context)
{
    public Task AllAsync(HttpContext http) => context.WithRoundAsync(http, (reading, round) =>
        AdminContext.WriteAsync(
            http, RecommendationViews.All(reading, round), AdminJson.Default.IReadOnlyListRecommendationView));

    public async Task HistoryAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        await AdminContext.WriteAsync(
            http, OutcomeViews.All(reading), AdminJson.Default.IReadOnlyListEndedRecommendationView);
    }

    /// <summary>Asked of the controller: only it knows the window that is approved.</summary>
    public Task ApproveAsync(HttpContext http) => context.WithRoundAsync(http, async (reading, round) =>
    {
        Query.Only(http);
        var record = Find(http, reading);
        var approve = ApprovalOf(reading, round, record);
        await ChangeAsync(http, approve, record.Id, RecommendationState.Approved);
    });

    public async Task VetoAsync(HttpContext http)
    {
        Query.Only(http);
        var minutes = await MinutesAsync(http);
        var record = Find(http, await context.ReadAsync(http.RequestAborted));
        if (minutes is < 1 or > RecommendationRules.VetoMinutesMax)
        {
            throw AdminProblem.BadBody(
                $"minutes {minutes}: must be a whole number from 1 to {RecommendationRules.VetoMinutesMax}");
        }
        await ChangeAsync(
            http, new VetoRecommendation(record.Id, minutes), record.Id, RecommendationState.Vetoed);
    }

    public Task WhyAsync(HttpContext http) => context.WithRoundAsync(http, (reading, round) =>
        AdminContext.WriteAsync(
            http, WhyViews.Of(Path.Text(http, "name"), reading, round), AdminJson.Default.WhyView));

    private async Task ChangeAsync(HttpContext http, MetaCommand command, long id, RecommendationState becomes)
    {
        // Once approved, it may have started before this node looks again.
        var changed = await context.ChangeAsync(
            command,
            (_, view) => view.Recommendations.Any(record => record.Id == id && record.State >= becomes),
            http.RequestAborted);
        var now = changed.View.Recommendations.FirstOrDefault(record => record.Id == id)
            ?? throw AdminProblem.Later($"recommendation {id}: this node has not seen the change yet");
        await AdminContext.WriteAsync(
            http, RecommendationViews.Of(changed, now), AdminJson.Default.RecommendationView);
    }

    private static ApproveRecommendation ApprovalOf(
        ClusterReading reading, ControllerRound round, RecommendationRecord record)
    {
        var policy = round.Snapshot.Policy;
        if (RecommendationRules.RefuseApproval(record) is { } reason)
            throw AdminProblem.Refused(reason);
        if (policy.Execution != ExecutionMode.Approve)
            throw AdminProblem.Refused(WhyNotAsked(record, policy));
        var row = round.Decision.Recommendations.FirstOrDefault(row => ProposedMove.Of(row) == record.Move)
            ?? throw AdminProblem.Refused($"recommendation {record.Id}: the controller does not propose it any more; "
                + "look again with `ctl recommendations`");
        var latestMs = reading.UnixMs + (long)(policy.Triggers.HorizonMinutes * 60_000);
        return new ApproveRecommendation(record.Id, row.ExpiresMs, Math.Max(latestMs, row.ExpiresMs));
    }

    private static string WhyNotAsked(RecommendationRecord record, BalancingPolicy policy) =>
        policy.Execution == ExecutionMode.Automatic
            ? $"recommendation {record.Id} needs no approval: the policy's execution is automatic, it starts by "
                + "itself; `ctl veto` keeps it from that"
            : $"recommendation {record.Id}: the policy's execution is advise, nothing starts by itself; set it to "
                + $"approve, or use `ctl migrate {record.Move.Shard}`";

    private static RecommendationRecord Find(HttpContext http, ClusterReading reading)
    {
        var id = Path.Number(http, "id");
        return reading.View.Recommendations.FirstOrDefault(record => record.Id == id)
            ?? throw AdminProblem.UnknownRecommendation(
                Path.Text(http, "id"),
                reading.View.Recommendations.Where(record => record.IsOpen).Select(record => record.Id));
    }

    private static async Task<int> MinutesAsync(HttpContext http)
    {
        if (http.Request.ContentLength is null or 0 && http.Request.Headers.TransferEncoding.Count == 0)
            return VetoRequest.MinutesDefault;
        return (await AdminContext.BodyAsync(http, AdminJson.Default.VetoRequest)).Minutes;
    }
}
