using System.Globalization;
using System.Net;
using System.Text;
using ShardStore.Balancer.Evaluation;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The whole evaluation as one HTML file that needs no other: tables, skill by step, calibration, and
/// forecasts beside what came.</summary>
internal static class EvaluateReport
{
    /// <summary>Forecasts shown of all files of one series, and of each wide file.</summary>
    private const int SingleFans = 8;
    private const int WideFans = 2;

    private const int OwnColours = 3;

    private static readonly string[] s_colours =
    [
        "#8a8f98", "#c28f2c", "#5b8c5a", "#3f9aa8", "#a0785a", "#7a6fb0", "#b05c8a", "#d07b3f", "#4f9d69", "#8d8d2e",
        "#2f6fd0", "#9b4dca", "#d6336c",
    ];

    internal const string Style = """
        :root{color-scheme:light dark;--ink:#1d2330;--soft:#5d6675;--line:#dfe3ea;--paper:#fff;--card:#f7f8fa;
          --fan:#2f6fd0}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa3b2;--line:#323a47;--paper:#14181f;
          --card:#1b212a;--fan:#6ea0ee}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;
          padding:24px 20px 60px;max-width:1180px}
        h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 8px;border-bottom:1px solid var(--line);
          padding-bottom:4px}p{margin:6px 0;max-width:78ch}.soft,figcaption{color:var(--soft);font-size:13px}
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}
        th,td{padding:3px 10px;text-align:right;white-space:nowrap}th{color:var(--soft);font-weight:600;
          border-bottom:1px solid var(--line)}td:first-child,th:first-child{text-align:left;padding-left:0}
        tr.acting td{background:var(--card)}td.best{font-weight:700}
        .charts{display:flex;flex-wrap:wrap;gap:16px;margin:14px 0}
        figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px;
          box-sizing:border-box;flex:1 1 420px;max-width:560px}figure.square{flex:0 1 380px}
        figure b{display:block;font-size:14px;overflow-wrap:anywhere}svg{width:100%;height:auto;display:block}
        svg text{font-size:11px;fill:var(--soft)}.grid{stroke:var(--line);stroke-width:1}
        .line{fill:none;stroke-width:1.5;stroke-linejoin:round}.ideal{stroke:var(--soft);stroke-dasharray:2 4}
        .past{stroke:var(--soft)}.came{stroke:var(--ink);stroke-width:2}.median{stroke:var(--fan);stroke-width:2}
        .threshold{stroke:#d6336c;stroke-dasharray:6 4}.fan{fill:var(--fan);fill-opacity:.16;stroke:none}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;margin:8px 0}
        .legend i{display:inline-block;width:18px;height:4px;border-radius:2px;margin-right:6px;
          vertical-align:middle}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;font-size:13px;
          color:var(--soft)}dt{font-weight:600}dd{margin:0}
        """;

    public static string Of(IReadOnlyList<FileScores> files, IReadOnlyList<SetScores> sets, EvaluateOptions options)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>")
            .Append("<meta name='viewport' content='width=device-width,initial-scale=1'>")
            .Append("<title>Forecast evaluation</title>\n<style>\n").Append(Style).Append('\n');
        AddMethodStyles(page, sets);
        page.Append("</style></head>\n<body>\n<h1>Forecast evaluation</h1>\n<p class='soft'>")
            .Append(Escape(Summary(files, options))).Append("</p>\n");
        foreach (var set in sets)
            AddSet(page, set, [.. files.Where(file => SetScores.SetOf(file.File) == set.Set)]);
        page.Append("<h2>How to read it</h2>\n<dl>\n");
        foreach (var column in EvaluateColumn.All)
            page.Append($"<dt>{column.Name}</dt><dd>{Escape(column.Meaning)}</dd>\n");
        return page.Append("</dl>\n</body></html>\n").ToString();
    }

    private static string Summary(IReadOnlyList<FileScores> files, EvaluateOptions options)
    {
        var series = files.Sum(file => file.Tasks.Count);
        var origins = files.Sum(file => file.Tasks.Sum(task => (long)task.TestOrigins.Count));
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{files.Count} files, {series} series, {origins} origins of {ProtocolTask.Steps} steps each in the ")
            + "newest two fifths of every series.";
        return options.Stride > 1 ? $"{text} Every {options.Stride}th origin only: not the whole protocol." : text;
    }

    private static void AddMethodStyles(StringBuilder page, IReadOnlyList<SetScores> sets)
    {
        foreach (var method in MethodsOf(sets))
        {
            var colour = ColourOf(method);
            var style = EvaluateCharts.StyleOf(method);
            page.Append($".line.{style}{{stroke:{colour}}}circle.{style}{{fill:{colour}}}")
                .Append($".legend .{style}{{background:{colour}}}\n");
        }
        page.Append($".line.{EvaluateCharts.StyleOf(MethodCatalog.Acting)}{{stroke-width:3}}\n");
    }

    private static IEnumerable<string> MethodsOf(IReadOnlyList<SetScores> sets) =>
        sets.SelectMany(set => set.Methods).Select(method => method.Method).Distinct();

    /// <summary>The first colour is naive's, the last three are those of the model, the combination and what acts.
    /// </summary>
    private static string ColourOf(string method)
    {
        var names = MethodCatalog.Names;
        var place = names.ToList().IndexOf(method);
        var fromEnd = names.Count - place;
        return fromEnd <= OwnColours
            ? s_colours[^fromEnd]
            : s_colours[place % (s_colours.Length - OwnColours)];
    }

    private static void AddSet(StringBuilder page, SetScores set, IReadOnlyList<FileScores> files)
    {
        page.Append($"<h2>{Escape(EvaluateTables.Title(set))}</h2>\n");
        AddTable(page, set);
        foreach (var reason in set.LeftOut)
            page.Append($"<p class='soft'>Left out: {Escape(reason)}</p>\n");
        if (set.Methods.Count == 0)
            return;
        page.Append("<div class='legend'>");
        foreach (var method in set.Methods)
            page.Append($"<span><i class='{EvaluateCharts.StyleOf(method.Method)}'></i>{method.Method}</span>");
        page.Append("</div>\n<div class='charts'>\n");
        AddFigure(page, "", "Skill by horizon", EvaluateCharts.Skill(set),
            "Error at each step divided by that of naive; below 1 is better.");
        AddFigure(page, "square", "Calibration", EvaluateCharts.Calibration(set),
            "Share of what came at or below each quantile, steps 1 to 12.");
        page.Append("</div>\n<div class='charts'>\n");
        foreach (var (task, scores) in Samples(files))
            AddFigure(page, "", scores.Series, EvaluateCharts.Fan(task, scores), FanCaption(task, scores));
        page.Append("</div>\n");
    }

    private static void AddTable(StringBuilder page, SetScores set)
    {
        page.Append("<div class='scroll'><table><thead><tr><th>method</th>");
        foreach (var column in EvaluateColumn.All)
            page.Append($"<th title='{Escape(column.Meaning)}'>{column.Name}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (var method in set.Methods)
        {
            var style = method.Method == MethodCatalog.Acting ? " class='acting'" : "";
            page.Append($"<tr{style}><td>{method.Method}</td>");
            foreach (var column in EvaluateColumn.All)
                page.Append($"<td{(column.IsBest(method, set) ? " class='best'" : "")}>{column.Text(method)}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table></div>\n");
    }

    /// <summary>Series at even distances, each with the last method: what acts, where it was asked for.</summary>
    private static IEnumerable<(ProtocolTask Task, SeriesScores Scores)> Samples(IReadOnlyList<FileScores> files)
    {
        var all = files.Where(file => file.Tasks.Count > 0)
            .SelectMany(file => file.Tasks.Zip(file.Scores.TakeLast(file.Tasks.Count))).ToList();
        var count = Math.Min(all.Count, files[0].File.IsWide ? WideFans : SingleFans);
        return Enumerable.Range(0, count).Select(i => all[i * all.Count / count]);
    }

    private static string FanCaption(ProtocolTask task, SeriesScores scores)
    {
        var place = task.Onsets.Count > 0
            ? "six steps before the first overload of the test part"
            : "in the middle of the test part, which has no overload after a quiet hour";
        return $"{scores.Method}, {place}. Bands: 0.25–0.75, 0.1–0.9, to 0.99; dark: what came; dashed: the threshold.";
    }

    private static void AddFigure(StringBuilder page, string style, string title, string chart, string caption) =>
        page.Append($"<figure class='{style}'><b>{Escape(title)}</b>{chart}")
            .Append($"<figcaption>{Escape(caption)}</figcaption></figure>\n");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
