using System.Globalization;
using System.Text;
using ShardStore.Node.Bench;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using ShardStore.Node.Tests.Cli.Evaluate;
using Xunit;

namespace ShardStore.Node.Tests.Cli;

/// <summary>The load history of a cluster to a file and back.</summary>
public sealed class SeriesTests : IAsyncLifetime
{
    private const int Points = 300;
    private readonly TestCluster _cluster = new();
    private readonly TraceFolder _folder = new();
    private AdminBench _bench = null!;

    private long NowStep => _cluster.WallMs / 60_000;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_imported_is_exported_and_what_is_exported_can_be_evaluated()
    {
        _folder.With("in.csv", Wave());
        var import = await CtlAsync("import", _folder.At("in.csv"));
        Assert.Equal((0, ""), (import.ExitCode, import.Errors));
        Assert.Equal("imported 2400 values; 0 steps had one already, 0 are older than what is kept\n", import.Output);
        // A step counts as ended for all shards some seconds later.
        _cluster.WallMs += 10_000;
        var export = await CtlAsync("export", "--out", _folder.At("out.csv"));
        Assert.Equal((0, "", ""), (export.ExitCode, export.Output, export.Errors));
        AreSame(TraceFile.Load(_folder.At("in.csv")), TraceFile.Load(_folder.At("out.csv")));
        var evaluated = await CliRun.OfAsync("forecast", "evaluate", "--data", _folder.Path, "--only", "out",
            "--models", "snaive,ses", "--stride", "10", "--threads", "1");
        Assert.Equal(0, evaluated.ExitCode);
        Assert.Contains("out: 8 series", evaluated.Output);
        Assert.Equal(["in.csv", "out.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_exported_history_comes_back_as_the_same_bytes()
    {
        await CtlAsync("import", _folder.With("in.csv", Wave()).At("in.csv"));
        _cluster.WallMs += 10_000;
        var first = await CtlAsync("export");
        var other = new TestCluster { WallMs = _cluster.WallMs };
        await using var bench = await AdminBench.StartAsync(other.SourceOf(2));
        _folder.With("out.csv", first.Output);
        var import = await CtlAsync(bench, "import", _folder.At("out.csv"), "--json");
        Assert.Contains("\"added\": 2400", import.Output);
        Assert.Equal(first.Output, (await CtlAsync(bench, "export")).Output);
    }

    [Fact]
    public async Task A_trace_says_where_it_comes_from_and_what_was_filled()
    {
        _cluster.Pass(300, heard: [1, 2, 3, 4]);
        var run = await CtlAsync("export", "--metric", "readsPerSecond");
        var lines = run.Output.Split('\n');
        Assert.Equal(
            [
                "# source: cluster cafe", "# unit: readsPerSecond, mean of a step", "# interval_s: 60",
                "# season_steps: 1440", "# filled_points: 0", "timestamp,s1,s2,s3,s4,s5,s6,s7,s8",
            ],
            lines[..6]);
        var trace = TraceFile.Parse(new StringReader(run.Output), "stdout");
        Assert.Equal(8, trace.Columns.Count);
        Assert.All(trace.Values[4], value => Assert.Equal(500, value, 0.25));
    }

    [Fact]
    public async Task A_gap_repeats_the_value_before_and_is_counted()
    {
        var rows = Rows().ToArray();
        _folder.With("a.csv", Text([.. rows[..100]]));
        _folder.With("b.csv", Text([.. rows[103..]]));
        await CtlAsync("import", _folder.At("a.csv"));
        await CtlAsync("import", _folder.At("b.csv"));
        _cluster.WallMs += 10_000;
        var run = await CtlAsync("export");
        Assert.Contains("# filled_points: 24\n", run.Output);
        var trace = TraceFile.Parse(new StringReader(run.Output), "stdout");
        Assert.Equal(Points, trace.TimesS.Count);
        Assert.All(trace.Values, column => Assert.Equal(column[99], column[102]));
        Assert.NotEqual(trace.Values[0][102], trace.Values[0][103]);
    }

    [Fact]
    public async Task A_shard_without_history_has_no_column_and_is_named()
    {
        var head = $"# interval_s: 60\ntimestamp,s2,s7\n{(NowStep - 3) * 60},1,2\n{(NowStep - 2) * 60},3,4\n";
        await CtlAsync("import", _folder.With("two.csv", head).At("two.csv"));
        _cluster.WallMs += 10_000;
        var run = await CtlAsync("export");
        Assert.Contains("timestamp,s2,s7\n", run.Output);
        Assert.Equal("shardstore: no history of shards 1, 3, 4, 5, 6, 8: they have no column\n", run.Errors);
    }

    [Fact]
    public async Task A_file_that_exists_is_replaced_only_when_told_so_and_a_failure_leaves_it()
    {
        var path = _folder.With("out.csv", "mine").At("out.csv");
        var refused = await CtlAsync("export", "--out", path);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("exists already; give another file, or --force", refused.Errors);
        var tooShort = await CtlAsync("export", "--out", path, "--force");
        Assert.Equal(1, tooShort.ExitCode);
        Assert.Contains("only 0 steps of 60 s are known of every shard; a trace needs 2", tooShort.Errors);
        Assert.Equal("mine", File.ReadAllText(path));
        _cluster.Pass(300, heard: [1, 2, 3, 4]);
        Assert.Equal(0, (await CtlAsync("export", "--out", path, "--force")).ExitCode);
        Assert.StartsWith("# source: cluster cafe", File.ReadAllText(path));
    }

    public static TheoryData<string, Func<string, long, string>, string> BadFiles => new()
    {
        { "text", (good, _) => good.Replace(",400", ",many"), "line 4 column s3 is 'many', not a finite number" },
        { "NaN", (good, _) => good.Replace(",400", ",NaN"), "line 4 column s3 is 'NaN', not a finite number" },
        { "negative", (good, _) => good.Replace(",400", ",-4"), "line 4 column s3 is -4; demand is never negative" },
        { "huge", (good, _) => good.Replace(",400", ",1e300"), "line 4 column s3 is 1e300; at most 1E+15 is allowed" },
        { "gap", (good, now) => good.Replace($"\n{(now - 2) * 60},", $"\n{(now - 1) * 60},"), "is 120 s after the" },
        { "repeated", (good, now) => good.Replace($"\n{(now - 2) * 60},", $"\n{(now - 3) * 60},"), "times must rise" },
        { "unsorted", (good, now) => good.Replace($"\n{(now - 2) * 60},", $"\n{(now - 9) * 60},"), "times must rise" },
        { "one point", (good, _) => good[..good.LastIndexOf('\n')], "ends the file after 1 points" },
        { "fields", (good, _) => good + ",5", "line 4 has 4 fields; 3 are needed" },
        { "unknown shard", (good, _) => good.Replace("s3", "s9"), "line 2: column 's9' is no shard of this cluster; "
            + "allowed are s1 to s8" },
        { "other name", (good, _) => good.Replace("s3", "value"), "line 2: column 'value' is no shard" },
        { "shard twice", (good, _) => good.Replace("s3", "s2"), "line 2: column 's2' is there twice; once is allowed" },
        { "wrong step", (_, now) => $"timestamp,s1\n{(now - 9) * 60},1\n{(now - 4) * 60},1",
            "line 3: is 300 s after the line before; the forecast step of this cluster is 60 s" },
        { "off the grid", (_, now) => $"timestamp,s1\n{((now - 9) * 60) + 7},1\n{((now - 8) * 60) + 7},1",
            "must be a multiple of 60, in unix seconds" },
        { "future", (_, now) => $"timestamp,s1\n{(now - 1) * 60},1\n{now * 60},1",
            "its step ends in the future; allowed is up to " },
        { "old", (_, now) => $"timestamp,s1\n{(now - 5000) * 60},1\n{(now - 4999) * 60},1",
            "all points are older than the history that is kept; allowed is from " },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_bad_file_is_refused_with_file_line_and_value_and_changes_nothing(
        string name, Func<string, long, string> spoil, string expected)
    {
        var now = NowStep;
        var good = $"# interval_s: 60\ntimestamp,s2,s3\n{(now - 3) * 60},100,200\n{(now - 2) * 60},300,400";
        _folder.With("load.csv", spoil(good, now));
        var run = await CtlAsync("import", _folder.At("load.csv"));
        Assert.True(run.ExitCode == 1, $"{name}: exit code {run.ExitCode}");
        Assert.Contains("trace load.csv: ", run.Errors);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(_cluster.State.History);
        Assert.Empty(_cluster.Loads.Keys());
    }

    [Fact]
    public async Task Points_older_than_the_history_are_left_out_and_counted()
    {
        var text = new StringBuilder("timestamp,s1,s2\n");
        for (var step = NowStep - 4_400; step < NowStep; step++)
            text.Append(CultureInfo.InvariantCulture, $"{step * 60},1,2\n");
        var run = await CtlAsync("import", _folder.With("long.csv", text.ToString()).At("long.csv"));
        Assert.Equal("imported 8640 values; 0 steps had one already, 160 are older than what is kept\n", run.Output);
        Assert.Equal(4_320, Assert.Single(new DemandSeries(_cluster.Loads, 1440).Read([2])).History.Count);
    }

    private Task<CliRun> CtlAsync(params string[] args) => CtlAsync(_bench, args);

    private static Task<CliRun> CtlAsync(AdminBench bench, params string[] args) => CliRun.OfAsync(
        new Dictionary<string, string> { ["SHARDSTORE_ADMIN"] = $"http://{bench.Server.EndPoint}" },
        ["ctl", "series", .. args]);

    private string Wave() => Text([.. Rows()]);

    private static string Text(string[] rows) =>
        "# interval_s: 60\ntimestamp,s1,s2,s3,s4,s5,s6,s7,s8\n" + string.Join('\n', rows) + "\n";

    private IEnumerable<string> Rows()
    {
        var random = new Random(7);
        for (var i = 0; i < Points; i++)
        {
            var values = Enumerable.Range(1, 8).Select(shard => string.Create(
                CultureInfo.InvariantCulture, $"{(100 * shard) + (50 * Math.Sin(i / 20.0)) + random.Next(20):F2}"));
            yield return $"{(NowStep - Points + i) * 60},{string.Join(',', values)}";
        }
    }

    private static void AreSame(TraceFile expected, TraceFile actual)
    {
        Assert.Equal(expected.TimesS, actual.TimesS);
        Assert.Equal(expected.Columns, actual.Columns);
        foreach (var (before, after) in expected.Values.Zip(actual.Values))
            Assert.All(before.Zip(after), pair => Assert.InRange(pair.Second / pair.First, 0.9995, 1.0005));
    }
}
