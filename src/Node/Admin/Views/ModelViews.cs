using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The models of the demand forecaster, for people and programs.</summary>
internal static class ModelViews
{
    public static ModelView Of(ModelSet models, ModelReport? report)
    {
        // The controller's last round may be of before the change that was just asked for.
        var isCurrent = report?.Models == models;
        return new ModelView
        {
            Acting = Of(models.Acting),
            Beside = models.Beside is { } beside ? Of(beside) : null,
            BesideIs = models.HasCandidate ? "candidate" : models.HasPredecessor ? "predecessor" : null,
            SinceUnixMs = models.SinceMs,
            Trial = isCurrent && report!.Trial is { } trial ? Of(trial) : null,
            Problem = isCurrent ? report!.BesideProblem : null,
        };
    }

    private static ModelEntryView Of(ModelRecord model) =>
        new(model.Number, model.Note, model.Sha256, model.Bytes, model.LoadedMs, model.ByHand);

    private static TrialView Of(TrialResult trial) => new()
    {
        Outcome = Words.Camel(trial.Outcome.ToString()),
        Blocks = trial.Blocks,
        BlockSteps = ModelTrial.BlockSteps,
        BlocksMin = ModelTrial.BlocksMin,
        Difference = Finite(trial.Difference),
        StandardError = Finite(trial.StandardError),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
