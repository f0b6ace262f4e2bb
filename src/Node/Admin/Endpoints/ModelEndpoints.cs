using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Admin.Views;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>The model of the demand forecaster: look, put another on trial, change which one acts.</summary>
internal sealed class ModelEndpoints(AdminContext context)
{
    private const string AskedFor = "asked for by the operator";

    public async Task GetAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        // How a trial stands is known where it decides.
        if (!await context.TryRelayAsync(http, reading))
            await WriteAsync(http, reading);
    }

    public async Task PutAsync(HttpContext http)
    {
        var given = await AdminContext.BodyAsync(http, AdminJson.Default.ModelUpload);
        Check(given);
        var changed = await context.ChangeAsync(
            new LoadModel(given.Onnx, given.Note, given.ByHand), (result, view) => view.Models.Has(result.Id),
            http.RequestAborted);
        await WriteAsync(http, changed);
    }

    public Task PromoteAsync(HttpContext http) =>
        MoveAsync(http, ModelStep.Promote, models => models.Beside);

    public Task RollBackAsync(HttpContext http) =>
        MoveAsync(http, ModelStep.RollBack, models => models.Acting);

    public Task DropAsync(HttpContext http) =>
        MoveAsync(http, ModelStep.Drop, models => models.Beside);

    private async Task MoveAsync(HttpContext http, ModelStep step, Func<ModelSet, ModelRecord?> isAbout)
    {
        Query.Only(http);
        var reading = await context.ReadAsync(http.RequestAborted);
        var models = reading.View.Models;
        var move = new MoveModel(step, isAbout(models)?.Number ?? 0, AskedFor);
        if (ModelRules.Refuse(models, move) is { } reason)
            throw AdminProblem.Refused(reason);
        var changed = await context.ChangeAsync(move, (_, view) => view.Models != models, http.RequestAborted);
        await WriteAsync(http, changed);
    }

    /// <summary>Before the cluster takes it: a model that cannot be used is refused here, with the reason.</summary>
    private static void Check(ModelUpload given)
    {
        if (given.Onnx is not { Length: > 0 and <= ModelRules.BytesMax })
        {
            throw AdminProblem.BadModel(
                $"onnx: has {given.Onnx?.Length ?? 0} bytes; allowed are 1 to {ModelRules.BytesMax}");
        }
        var sha = Convert.ToHexStringLower(SHA256.HashData(given.Onnx));
        if (!string.Equals(sha, given.Sha256, StringComparison.OrdinalIgnoreCase))
            throw AdminProblem.BadModel($"sha256 '{given.Sha256}': that of the model is {sha}; it is damaged");
        if (!LstmForecaster.TryLoad(given.Onnx, "the model", out var model, out var problem))
            throw AdminProblem.BadModel(problem);
        model.Dispose();
    }

    private Task WriteAsync(HttpContext http, ClusterReading reading) => AdminContext.WriteAsync(
        http, ModelViews.Of(reading.View.Models, context.Source.LatestRound?.Models), AdminJson.Default.ModelView);
}
