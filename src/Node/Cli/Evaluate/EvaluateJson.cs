using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ShardStore.Balancer.Evaluation;
using ShardStore.Node.Cli.Ctl;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The scores as one JSON document. What cannot be said (no onset, no shards) is null.</summary>
internal static class EvaluateJson
{
    /// <summary>The horizons that figures are told at. Unit: steps.</summary>
    public static IReadOnlyList<int> Horizons { get; } = [1, 6, 12, 30];

    public static string Of(IReadOnlyList<SetScores> sets, EvaluateOptions options)
    {
        var document = new JsonObject
        {
            ["stride"] = options.Stride,
            ["sets"] = new JsonArray([.. sets.Select(Set)]),
        };
        return document.ToJsonString(IndentedJson.Options);
    }

    private static JsonObject Set(SetScores set) => new()
    {
        ["set"] = set.Set,
        ["series"] = set.SeriesCount,
        ["left_out"] = new JsonArray([.. set.LeftOut.Select(reason => JsonValue.Create(reason))]),
        ["methods"] = new JsonArray([.. set.Methods.Select(Method)]),
    };

    private static JsonObject Method(MethodScores scores)
    {
        var json = new JsonObject { ["method"] = scores.Method };
        foreach (var horizon in Horizons)
            json[$"rel_mase_{horizon}"] = Number(scores.RelativeErrorsTo[horizon - 1]);
        json["mase_12"] = Number(scores.Error);
        json["pinball90_12"] = Number(scores.Pinball);
        json["cover90_12"] = Number(scores.Covered);
        json["f1_point_quiet"] = Number(scores.PointF1Quiet);
        json["f1_q90_quiet"] = Number(scores.HighF1Quiet);
        json["lead_all_q90"] = Number(scores.HighLead);
        json["onset_recall_q90"] = Number(scores.HighRecall);
        json["hot_hit"] = Number(scores.HotHit);
        return json;
    }

    /// <summary>Six digits: more would be the machine's, not the method's.</summary>
    internal static JsonValue? Number(double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
            return null;
        var text = number.ToString("G6", CultureInfo.InvariantCulture);
        return JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
    }
}
