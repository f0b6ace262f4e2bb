using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ShardStore.Node.Tests.Cli.Evaluate;

public partial class EvaluateTests
{
    private const string Points = "timestamp,value\n0,1\n300,2\n";

    [Fact]
    public async Task Json_has_a_set_for_all_single_files_and_one_for_each_wide_file()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1).WithDays("b.csv", 1).WithDays("w.csv", 12);
        var run = await Evaluate(folder, "--json");
        using var document = JsonDocument.Parse(run.Output);
        var sets = document.RootElement.GetProperty("sets").EnumerateArray().ToList();
        Assert.Equal(["single", "w"], sets.Select(set => set.GetProperty("set").GetString()));
        Assert.Equal([2, 12], sets.Select(set => set.GetProperty("series").GetInt32()));
        foreach (var set in sets)
        {
            var methods = set.GetProperty("methods").EnumerateArray().ToList();
            Assert.Equal("naive", methods[0].GetProperty("method").GetString());
            Assert.Equal("acting", methods[^1].GetProperty("method").GetString());
            Assert.All(methods, method => Assert.Equal(
                [
                    "method", "rel_mase_1", "rel_mase_6", "rel_mase_12", "rel_mase_30", "mase_12", "pinball90_12",
                    "cover90_12", "f1_point_quiet", "f1_q90_quiet", "lead_all_q90", "onset_recall_q90", "hot_hit",
                ],
                method.EnumerateObject().Select(property => property.Name)));
            Assert.Equal(1, methods[0].GetProperty("rel_mase_12").GetDouble());
            Assert.All(methods, method => Assert.InRange(method.GetProperty("cover90_12").GetDouble(), 0.01, 1));
        }
        var hits = sets.Select(set => set.GetProperty("methods")[0].GetProperty("hot_hit").ValueKind);
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Number], hits);
    }

    [Fact]
    public async Task What_acts_can_be_asked_for_without_the_model()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1);
        string[] whole = ["--models", "lstm,combination,acting"];
        var run = await Evaluate(folder, ["--model", "none", .. whole]);
        Assert.Contains("\ncombination ", run.Output);
        Assert.Contains("\nacting ", run.Output);
        Assert.DoesNotContain("lstm", run.Output);
        Assert.Contains("\nlstm ", (await Evaluate(folder, whole)).Output);
    }

    [Fact]
    public async Task The_table_names_every_method_and_what_was_left_out()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1)
            .With("still.csv", Flat(120)).With("short.csv", Flat(40));
        var run = await Evaluate(folder, "--models", "snaive,ses", "--stride", "5");
        Assert.Contains("Every 5th origin only", run.Output);
        Assert.Contains("single: 1 series, 2 left out", run.Output);
        Assert.Contains("left out: still: constant in the train part", run.Output);
        Assert.Contains("left out: short: 40 points, at least 99 are needed", run.Output);
        Assert.Matches(@"(?m)^snaive +\d\.\d{3} ", run.Output);
        Assert.DoesNotContain("lstm", run.Output);
        Assert.Contains("1 of 3: a, 1 series", run.Errors);
    }

    [Fact]
    public async Task Threads_change_nothing_and_a_second_run_gives_the_same_bytes()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1).WithDays("b.csv", 1).WithDays("w.csv", 3);
        string[] files = ["--csv", folder.At("scores.out"), "--html", folder.At("report.out")];
        var one = await Evaluate(folder, ["--json", .. files]);
        var (csv, html) = (File.ReadAllText(folder.At("scores.out")), File.ReadAllText(folder.At("report.out")));
        var two = await Evaluate(folder, ["--json", "--threads", "3", .. files]);
        Assert.Equal(one.Output, two.Output);
        Assert.Equal(csv, File.ReadAllText(folder.At("scores.out")));
        Assert.Equal(html, File.ReadAllText(folder.At("report.out")));
    }

    [Fact]
    public async Task The_report_is_one_file_with_charts_of_numbers()
    {
        using var folder = new TraceFolder().WithDays("a<b>.csv", 1).WithDays("w.csv", 12);
        await Evaluate(folder, "--models", "snaive,lstm", "--html", folder.At("report.out"));
        var html = File.ReadAllText(folder.At("report.out"));
        // Per set one of skill and one of calibration, and forecasts: one of the single file, two of the wide one.
        Assert.Equal(7, Figure().Count(html));
        Assert.Contains("a&lt;b&gt;", html);
        Assert.DoesNotContain("a<b>", html);
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotMatch("(src|href)=", html);
    }

    [Theory]
    [InlineData("text", Points + "600,many\n", "line 4 column value is 'many', not a finite number")]
    [InlineData("not a number", Points + "600,NaN\n", "line 4 column value is 'NaN', not a finite number")]
    [InlineData("too large", Points + "600,1e300\n", "line 4 column value is 1e300; at most 1E+100 is allowed")]
    [InlineData("negative", Points + "600,-1\n", "line 4 column value is -1; demand is never negative")]
    [InlineData("a gap", Points + "900,1\n", "line 4 is 600 s after the line before; the step is 300 s")]
    [InlineData("a duplicate", Points + "300,2\n", "line 4 goes back in time from 300 to 300")]
    [InlineData("unsorted", Points + "150,2\n", "line 4 goes back in time from 300 to 150")]
    [InlineData("one point", "timestamp,value\n0,1\n", "after 1 points; at least 2 are needed")]
    [InlineData("a step that is none", "# interval_s: 0\n" + Points, "line 1 interval_s is '0'; a number of seconds")]
    [InlineData("a step of another length", "# interval_s: 60\n" + Points, "line 4 is 300 s after")]
    [InlineData("a season that is none", "# season_steps: day\n" + Points, "line 1 season_steps is 'day'; a whole")]
    public async Task A_trace_that_is_none_is_named_with_line_and_value(string what, string text, string expected)
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1).With("bad.csv", text);
        var run = await CliRun.OfAsync("forecast", "evaluate", "--data", folder.Path, "--models", "naive");
        Assert.True(run.ExitCode == 1, what);
        Assert.StartsWith("shardstore: trace bad.csv: ", run.Errors);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--only x*", "--only x*: none of the 1 files")]
    [InlineData("--model /no/such.onnx", "/no/such.onnx")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1(string options, string expected)
    {
        using var folder = new TraceFolder().WithDays("a.csv", 1);
        var run = await CliRun.OfAsync(["forecast", "evaluate", "--data", folder.Path, .. options.Split(' ')]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_folder_without_anything_to_evaluate_says_why()
    {
        using var folder = new TraceFolder();
        var run = await CliRun.OfAsync("forecast", "evaluate", "--data", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no trace files (*.csv) in it", run.Errors);
        folder.With("still.csv", Flat(120));
        run = await CliRun.OfAsync("forecast", "evaluate", "--data", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no series to evaluate; still: constant in the train part", run.Errors);
    }

    [Fact]
    public async Task One_file_and_patterns_choose_what_is_evaluated()
    {
        using var folder = new TraceFolder().WithDays("a1.csv", 1).WithDays("a2.csv", 1).WithDays("b.csv", 1);
        var one = await CliRun.OfAsync(
            "forecast", "evaluate", "--data", folder.At("b.csv"), "--models", "ses");
        Assert.Contains("single: 1 series", one.Output);
        Assert.Contains("single: 2 series", (await Evaluate(folder, "--models", "ses", "--only", "a*")).Output);
        Assert.Contains("single: 2 series", (await Evaluate(folder, "--models", "ses", "--only", "a1,b.csv")).Output);
    }

    private static async Task<CliRun> Evaluate(TraceFolder folder, params string[] options)
    {
        var run = await CliRun.OfAsync(["forecast", "evaluate", "--data", folder.Path, .. options]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    private static string Flat(int points) =>
        "timestamp,value\n" + string.Concat(Enumerable.Range(0, points).Select(i => $"{i * 300},7\n"));

    [GeneratedRegex("<figure")]
    private static partial Regex Figure();
}
