using System.Net;
using System.Text;
using ShardStore.Node.Cli.Evaluate;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>The simulation as one HTML file that needs no other: the scorecard, and for each trace and strategy how
/// full every node was, with the moves.</summary>
internal static class SimulateReport
{
    public static string Of(SimulateOutcome outcome, SimulateOptions options)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>")
            .Append("<meta name='viewport' content='width=device-width,initial-scale=1'>")
            .Append("<title>Balancing simulation</title>\n<style>\n").Append(EvaluateReport.Style).Append('\n')
            .Append(HeatMap.Style).Append("\nfigure{max-width:none;flex-basis:100%}</style></head>\n<body>\n")
            .Append("<h1>Balancing simulation</h1>\n<p class='soft'>").Append(Escape(SimulateTables.Title(options)))
            .Append("</p>\n");
        var lines = SimulateTables.Lines(outcome);
        foreach (var reason in outcome.Notes.Concat(outcome.LeftOut.Select(reason => "Left out: " + reason)))
            page.Append($"<p class='soft'>{Escape(reason)}</p>\n");
        AddTable(page, lines);
        foreach (var trace in outcome.Results.Select(named => named.Trace).Distinct())
            AddTrace(page, outcome, trace, options.Policy.Triggers.Threshold);
        page.Append("<h2>How to read it</h2>\n<dl>\n");
        foreach (var figure in SimulateFigure.All)
            page.Append($"<dt>{figure.Title}</dt><dd>{Escape(figure.Meaning)}</dd>\n");
        page.Append("<dt>timelines</dt><dd>of the first seed: a row a node, darker is fuller, orange above the ")
            .Append("threshold, red above capacity; a bar is a replica that leaves, a ring is leadership ")
            .Append("that leaves</dd>\n");
        return page.Append("</dl>\n</body></html>\n").ToString();
    }

    private static void AddTable(StringBuilder page, IReadOnlyList<StrategyScores> lines)
    {
        page.Append("<div class='scroll'><table><thead><tr><th>trace</th><th>balancer</th><th>vs. reactive</th>");
        foreach (var figure in SimulateFigure.All)
            page.Append($"<th title='{Escape(figure.Meaning)}'>{figure.Title}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (var scores in lines)
        {
            page.Append($"<tr><td>{Escape(scores.Trace)}</td><td>{SimulateJson.Word(scores.Strategy)}</td>")
                .Append($"<td>{SimulateTables.AgainstReactive(scores, lines)}</td>");
            for (var i = 0; i < SimulateFigure.All.Count; i++)
                page.Append($"<td>{SimulateTables.Text(SimulateFigure.All[i], scores.Figures[i])}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table></div>\n");
    }

    private static void AddTrace(StringBuilder page, SimulateOutcome outcome, string trace, double threshold)
    {
        page.Append($"<h2>{Escape(trace)}</h2>\n<div class='charts'>\n");
        foreach (var named in outcome.Results.Where(named => named.Trace == trace))
        {
            if (named.Result.Timeline is not { } timeline)
                continue;
            var strategy = SimulateJson.Word(named.Result.Strategy);
            page.Append($"<figure><b>{strategy}</b>")
                .Append(HeatMap.Of(timeline, threshold, $"Utilization of the nodes, {trace}, {strategy}"))
                .Append($"<figcaption>Seed {named.Seed}.</figcaption></figure>\n");
        }
        page.Append("</div>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
