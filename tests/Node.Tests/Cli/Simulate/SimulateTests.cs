using System.Text.Json;
using System.Text.RegularExpressions;
using ShardStore.Node.Tests.Cli.Evaluate;
using Xunit;

namespace ShardStore.Node.Tests.Cli.Simulate;

public partial class SimulateTests
{
    private static readonly string[] s_figures =
    [
        "breach_seconds", "bytes_moved", "moves", "leader_transfers", "failed_moves", "reversals", "node_hours",
        "p99_ms", "slow_seconds", "objective", "time_to_relief_s", "max_utilization",
    ];

    [Fact]
    public async Task Json_has_every_figure_of_every_trace_seed_and_strategy_and_their_medians()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 9).WithDays("b.csv", 12).WithDays("one.csv", 1);
        var run = await Simulate("--trace", folder.Path, "--nodes", "4", "--seeds", "3", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        var results = root.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(2 * 3 * 5, results.Count);
        Assert.All(results, result => Assert.Equal(
            ["trace", "strategy", "seed", .. s_figures], result.EnumerateObject().Select(property => property.Name)));
        var medians = root.GetProperty("medians").EnumerateArray().ToList();
        Assert.Equal(
            [
                "a off", "a reactive", "a predictive", "a learned", "a oracle",
                "b off", "b reactive", "b predictive", "b learned", "b oracle",
            ],
            medians.Select(median => $"{median.GetProperty("trace")} {median.GetProperty("strategy")}"));
        Assert.Equal(["one: one column; a column is a shard, and one shard leaves nothing to balance"],
            root.GetProperty("left_out").EnumerateArray().Select(reason => reason.GetString()));
        foreach (var figure in s_figures)
        {
            var seeds = results.Where(result => result.GetProperty("trace").GetString() == "b"
                && result.GetProperty("strategy").GetString() == "reactive").Select(result => Number(result, figure));
            Assert.Equal(seeds.Order().ElementAt(1), Number(medians[6], figure));
        }
        Assert.Equal(5, root.GetProperty("totals").GetArrayLength());
    }

    [Fact]
    public async Task The_same_arguments_give_the_same_bytes()
    {
        using var folder = new TraceFolder().WithDays("a.csv", 9);
        string[] args =
        [
            "--trace", folder.At("a.csv"), "--nodes", "4", "--seeds", "2", "--json", "--html", folder.At("report.out"),
        ];
        var (one, first) = ((await Simulate(args)).Output, File.ReadAllText(folder.At("report.out")));
        var (two, second) = ((await Simulate(args)).Output, File.ReadAllText(folder.At("report.out")));
        Assert.Equal(one, two);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task The_report_is_one_file_with_a_timeline_a_strategy_of_the_first_seed()
    {
        using var folder = new TraceFolder().WithDays("a<b>.csv", 9);
        await Simulate("--trace", folder.Path, "--nodes", "4", "--seeds", "2", "--load", "0.9", "--peak-load", "1.2",
            "--html", folder.At("report.out"));
        var html = File.ReadAllText(folder.At("report.out"));
        Assert.Equal(5, Figure().Count(html));
        Assert.Contains("a&lt;b&gt;", html);
        Assert.DoesNotContain("a<b>", html);
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotMatch("(src|href)=", html);
        Assert.Contains("class='u9'", html);
        Assert.Matches("class='(replica|leader)'", html);
    }

    [Fact]
    public async Task The_table_has_a_line_a_strategy_and_sums_of_several_scenarios()
    {
        var run = await Simulate("--scenario", "steady,office", "--balancer", "off,reactive", "--shards", "12");
        Assert.Contains("8 nodes, 3 replicas, mean utilization 0.65, at most 0.72, threshold 0.8, seed 1", run.Output);
        Assert.Matches(@"(?m)^steady +off ", run.Output);
        Assert.Matches(@"(?m)^office +reactive ", run.Output);
        Assert.Matches(@"(?m)^all +reactive ", run.Output);
        Assert.DoesNotContain("predictive", run.Output);
        Assert.Contains("2 of 2: office", run.Errors);
    }

    [Fact]
    public async Task A_policy_in_force_changes_what_counts_as_too_full()
    {
        using var folder = new TraceFolder().With("policy.json", """{"format": 1, "triggers": {"threshold": 0.3}}""");
        string[] args = ["--scenario", "steady", "--balancer", "off", "--shards", "12", "--json"];
        using var usual = JsonDocument.Parse((await Simulate(args)).Output);
        using var strict = JsonDocument.Parse((await Simulate([.. args, "--policy", folder.At("policy.json")])).Output);
        Assert.Equal(0.3, strict.RootElement.GetProperty("threshold").GetDouble());
        Assert.True(Breach(strict) > Breach(usual));

        static double Breach(JsonDocument document) => Number(document.RootElement.GetProperty("results")[0],
            "breach_seconds");
    }

    [Fact]
    public async Task What_predictive_does_without_is_named_and_changes_it_alone()
    {
        string[] args = ["--scenario", "drain", "--balancer", "reactive,predictive", "--shards", "18", "--nodes", "6",
            "--forecasters", "baselines"];
        using var whole = JsonDocument.Parse((await Simulate([.. args, "--json"])).Output);
        using var less = JsonDocument.Parse(
            (await Simulate([.. args, "--json", "--without", "trough,in-flight,forecasts"])).Output);
        Assert.Empty(whole.RootElement.GetProperty("without").EnumerateArray());
        Assert.Equal(["forecasts", "trough", "in-flight"],
            less.RootElement.GetProperty("without").EnumerateArray().Select(part => part.GetString()));
        Assert.Equal(Result(whole, 0), Result(less, 0));
        Assert.NotEqual(Result(whole, 1), Result(less, 1));
        var table = await Simulate([.. args, "--without", "gates"]);
        Assert.Contains("seed 1; predictive without gates", table.Output);

        static string Result(JsonDocument document, int place) =>
            document.RootElement.GetProperty("results")[place].GetRawText();
    }

    [Theory]
    [InlineData("text", "timestamp,a,b\n0,1,2\n300,x,2\n", "line 3 column a is 'x', not a finite number")]
    [InlineData("negative", "timestamp,a,b\n0,1,2\n300,1,-2\n", "line 3 column b is -2; demand is never negative")]
    [InlineData("a gap", "timestamp,a,b\n0,1,2\n300,1,2\n900,1,2\n", "line 4 is 600 s after the line before")]
    public async Task A_trace_that_is_none_is_named_with_line_and_value(string what, string text, string expected)
    {
        using var folder = new TraceFolder().With("bad.csv", text);
        var run = await CliRun.OfAsync("simulate", "--trace", folder.Path, "--balancer", "off");
        Assert.True(run.ExitCode == 1, what);
        Assert.StartsWith("shardstore: trace bad.csv: ", run.Errors);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--only x*", "--only x*: none of the 3 files")]
    [InlineData("--only short", "nothing to simulate; short: 40 points, at least 100 are needed")]
    [InlineData("--only still", "nothing to simulate; still: no demand in its scored part")]
    [InlineData("--only a --model /no/such.onnx", "/no/such.onnx")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1(string options, string expected)
    {
        using var folder = new TraceFolder().WithDays("a.csv", 6).WithDays("short.csv", 6, points: 40)
            .With("still.csv",
                "timestamp,a,b\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{i * 300},0,0\n")));
        var run = await CliRun.OfAsync(["simulate", "--trace", folder.Path, .. options.Split(' ')]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("", "--trace or --scenario is missing; give one of them")]
    [InlineData("--scenario all --trace .", "cannot be given together with --scenario")]
    [InlineData("--scenario storm", "--scenario 'storm' (from the command line): must be all, or names")]
    [InlineData("--scenario all --agent /no/such.json", "--agent '/no/such.json' (from the command line): ")]
    [InlineData("--scenario all --balancer guess", "--balancer 'guess' (from the command line): must be all, or")]
    [InlineData("--scenario all --load 2", "--load '2' (from the command line): must be a number from 0.05 to 0.95")]
    [InlineData("--scenario all --nodes 2", "--nodes '2' (from the command line): must be at least --replicas, 3")]
    [InlineData("--scenario all --zones 9", "--zones '9' (from the command line): must be at most --nodes, 8")]
    [InlineData("--scenario all --without luck", "--without 'luck' (from the command line): must be all, or names")]
    [InlineData("--scenario all --without gates --balancer oracle", "is about predictive, which --balancer leaves out")]
    [InlineData("--scenario all --policy /no/such.json", "--policy '/no/such.json' (from the command line): ")]
    [InlineData("--scenario all --html /no/such/report", "must be a file in a folder that exists")]
    [InlineData("--trace /no/such", "--trace '/no/such' (from the command line): does not exist")]
    public async Task Bad_usage_is_one_line_that_names_option_value_and_what_is_allowed(string options, string expected)
    {
        var run = await CliRun.OfAsync(
            ["simulate", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    private static double Number(JsonElement of, string figure) => of.GetProperty(figure).GetDouble();

    private static async Task<CliRun> Simulate(params string[] options)
    {
        var run = await CliRun.OfAsync(["simulate", .. options]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    [GeneratedRegex("<figure")]
    private static partial Regex Figure();
}
