using System.Text.Json;
using System.Text.Json.Nodes;
using ShardStore.Balancer;
using ShardStore.Balancer.Simulation;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Node.Cli.Evaluate;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>The scorecard as one JSON document.</summary>
internal static class SimulateJson
{
    public static string Of(SimulateOutcome outcome, SimulateOptions options)
    {
        var medians = StrategyScores.Medians(outcome.Results);
        var document = new JsonObject
        {
            ["nodes"] = options.Rules.Nodes,
            ["replicas"] = options.Rules.Replicas,
            ["zones"] = options.Rules.Zones,
            ["without"] = Texts(options.Parts.Without.Select(part => JsonValue.Create(Word(part)))),
            ["load"] = options.Rules.Load,
            ["peak_load"] = options.Rules.PeakLoad,
            ["threshold"] = options.Policy.Triggers.Threshold,
            ["shard_mb"] = options.Rules.ShardBytes / 1e6,
            ["tick_s"] = options.TickSeconds,
            ["forecasters"] = options.Forecasters.ToString().ToLowerInvariant(),
            ["seeds"] = Texts(options.Seeds.Select(seed => JsonValue.Create(seed))),
            ["notes"] = Texts(outcome.Notes.Select(note => JsonValue.Create(note))),
            ["left_out"] = Texts(outcome.LeftOut.Select(reason => JsonValue.Create(reason))),
            ["results"] = new JsonArray([.. outcome.Results.Select(Result)]),
            ["medians"] = new JsonArray([.. medians.Select(Scores)]),
            ["totals"] = new JsonArray([.. StrategyScores.Totals(medians).Select(Scores)]),
        };
        return document.ToJsonString(IndentedJson.Options);
    }

    public static string Word(SimulatedStrategy strategy) => strategy.ToString().ToLowerInvariant();

    public static string Word(PredictivePart part) => JsonNamingPolicy.KebabCaseLower.ConvertName(part.ToString());

    private static JsonArray Texts(IEnumerable<JsonNode?> values) => new([.. values]);

    private static JsonObject Result(NamedResult named)
    {
        var json = new JsonObject
        {
            ["trace"] = named.Trace,
            ["strategy"] = Word(named.Result.Strategy),
            ["seed"] = named.Seed,
        };
        foreach (var figure in SimulateFigure.All)
            json[figure.Name] = EvaluateJson.Number(figure.Of(named.Result.Score));
        return json;
    }

    private static JsonObject Scores(StrategyScores scores)
    {
        var json = new JsonObject { ["trace"] = scores.Trace, ["strategy"] = Word(scores.Strategy) };
        for (var i = 0; i < SimulateFigure.All.Count; i++)
            json[SimulateFigure.All[i].Name] = EvaluateJson.Number(scores.Figures[i]);
        return json;
    }
}
