using System.Text.Json.Nodes;
using ShardStore.Balancer.Capacity;
using ShardStore.Balancer.Simulation;
using ShardStore.Node.Admin;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl.Plan;

/// <summary>A plan for people and for programs.</summary>
internal static class PlanViews
{
    private const double Gigabyte = 1e9;

    public static void Print(CapacityOutcome outcome, TextWriter output)
    {
        foreach (var sentence in CapacityAdvice.Of(outcome))
            output.WriteLine(sentence);
        output.WriteLine();
        var table = Screen.Table(
            "", "nodes>", "peak>", "breach s/day>", "moves>", "transfers>", "GB moved>", "node h>");
        foreach (var (name, made) in Cases(outcome))
        {
            table.Row(
                Screen.Text(name), Screen.Text($"{made.Nodes}"), Screen.Text(Quantity.Share(made.Score.UtilizationMax)),
                Screen.Text(Quantity.Number(made.BreachSecondsPerDay)), Screen.Text($"{made.Score.Moves}"),
                Screen.Text($"{made.Score.LeaderTransfers}"),
                Screen.Text(Quantity.Number(made.Score.BytesMoved / Gigabyte)),
                Screen.Text(Quantity.Number(made.Score.NodeHours)));
        }
        Screen.Open(output, output == Console.Out && !Console.IsOutputRedirected).Write(table);
    }

    public static string Json(CapacityOutcome outcome)
    {
        var document = new JsonObject
        {
            ["startUnixMs"] = outcome.StartMs,
            ["days"] = outcome.Now.Days,
            ["repeatedDays"] = outcome.RepeatedDays,
            ["growthPercentPerDay"] = 100 * outcome.GrowthPerDay,
            ["addedNodes"] = outcome.Change.AddedNodes,
            ["drained"] = outcome.Change.Drained.IsNone ? null : outcome.DrainedName,
            ["otherPolicy"] = outcome.Change.Policy is not null,
            ["sentences"] = new JsonArray([.. CapacityAdvice.Of(outcome).Select(line => JsonValue.Create(line))]),
            ["cases"] = new JsonArray([.. Cases(outcome).Select(one => Case(one.Name, one.Case, outcome.StartMs))]),
        };
        return document.ToJsonString(IndentedJson.Options);
    }

    private static (string Name, CapacityCase Case)[] Cases(CapacityOutcome outcome) =>
        [("nothing moved", outcome.Unmoved), ("now", outcome.Now), ("what if", outcome.WhatIf)];

    private static JsonNode Case(string name, CapacityCase made, long startMs) => new JsonObject
    {
        ["case"] = name,
        ["nodes"] = made.Nodes,
        ["mode"] = Words.Camel(made.Mode.ToString()),
        ["threshold"] = made.Threshold,
        ["peakUtilization"] = made.Score.UtilizationMax,
        ["breachSecondsPerDay"] = made.BreachSecondsPerDay,
        ["moves"] = made.Score.Moves,
        ["leaderTransfers"] = made.Score.LeaderTransfers,
        ["bytesMoved"] = made.Score.BytesMoved,
        ["nodeHours"] = made.Score.NodeHours,
        ["fullFromUnixMs"] = made.FullMs,
        ["missingNodes"] = made.MissingNodes,
        ["byNode"] = new JsonArray([.. made.NodeScores.Select(
            (node, place) => Node(made.Names[place], node, startMs))]),
    };

    private static JsonNode Node(string name, NodeScore node, long startMs) => new JsonObject
    {
        ["node"] = name,
        ["peakUtilization"] = node.UtilizationMax,
        ["breachSeconds"] = node.BreachSeconds,
        ["overFromUnixMs"] = node.LastingBreachSeconds is { } seconds ? startMs + (long)(1000 * seconds) : null,
        ["serviceSeconds"] = node.ServiceSeconds,
    };
}
