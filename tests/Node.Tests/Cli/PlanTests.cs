using System.Globalization;
using System.Text;
using System.Text.Json;
using ShardStore.Node.Tests.Admin;
using ShardStore.Node.Tests.Cli.Evaluate;
using Xunit;

namespace ShardStore.Node.Tests.Cli;

/// <summary>`ctl plan` against a served cluster of four nodes of two cores, with two days of minutes as its history.
/// </summary>
public sealed class PlanTests : IAsyncLifetime
{
    private const int Points = 2 * 1440;

    private readonly TestCluster _cluster = new();
    private readonly TraceFolder _folder = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));
        _cluster.Pass(300, 0.25f, heard: [1, 2, 3, 4]);
        _cluster.Decide();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_plan_is_three_cases_their_nodes_and_what_they_mean()
    {
        await ImportAsync();
        var run = await PlanAsync("--days", "1", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal((1.0, 1), (root.GetProperty("days").GetDouble(), root.GetProperty("addedNodes").GetInt32()));
        Assert.Equal(1, root.GetProperty("repeatedDays").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("drained").ValueKind);
        var cases = root.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(
            ["nothing moved 4 off", "now 4 predictive", "what if 5 predictive"],
            cases.Select(one => $"{one.GetProperty("case")} {one.GetProperty("nodes")} {one.GetProperty("mode")}"));
        Assert.Equal(
            ["n1", "n2", "n3", "n4", "new-1"],
            cases[2].GetProperty("byNode").EnumerateArray().Select(node => node.GetProperty("node").GetString()));
        // A quarter of each node is used by what no request explains, and stays.
        Assert.All(cases, one => Assert.InRange(one.GetProperty("peakUtilization").GetDouble(), 0.25, 3));
        Assert.Equal(96, cases[1].GetProperty("nodeHours").GetDouble(), 0.1);
        Assert.StartsWith("Demand of the next day is taken to be that of the last day again",
            root.GetProperty("sentences")[0].GetString());
    }

    [Fact]
    public async Task A_policy_that_announces_a_sale_makes_the_nodes_fuller()
    {
        await ImportAsync();
        var usual = await PeakAsync();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(_cluster.WallMs + 3_600_000)
            .ToString("yyyy-MM-ddTHH:mm:00Z", CultureInfo.InvariantCulture);
        _folder.With("growth.json", $$"""
            {"format": 1, "profiles": [{"shards": [1, 2, 3, 4, 5, 6, 7, 8],
              "events": [{"name": "sale", "start": "{{start}}", "minutes": 600, "factor": 3}]}]}
            """);
        var sale = await PeakAsync("--policy", _folder.At("growth.json"));
        Assert.True(sale > usual + 0.05, $"{sale} with a sale, {usual} without");
    }

    [Fact]
    public async Task For_people_it_is_sentences_and_a_table()
    {
        await ImportAsync();
        var run = await PlanAsync("--days", "1", "--nodes", "+2", "--drain", "n2");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("With 2 more nodes of 2 cores each and n2 drained: peak ", run.Output);
        Assert.Matches("n2 is (not )?empty", run.Output);
        Assert.Matches(@"(?m)^ +nodes +peak +breach s/day +moves +transfers +GB moved +node h", run.Output);
        Assert.Matches(@"(?m)^nothing moved +4 ", run.Output);
        Assert.Matches(@"(?m)^now +4 ", run.Output);
        Assert.Matches(@"(?m)^what if +6 ", run.Output);
    }

    [Theory]
    [InlineData("--drain n9", 1, "--drain 'n9': is not a node; nodes are n1, n2, n3, n4")]
    [InlineData("--policy /no/such.json", 2, "--policy '/no/such.json' (from the command line): cannot be read")]
    [InlineData("--policy bad.json", 2, "policy $.mode: ")]
    [InlineData("--policy other.json", 2, "policy $.profiles[0].shards[0]: shard 99 does not exist; the cluster has 8")]
    public async Task What_the_cluster_cannot_answer_is_refused_in_one_line(string options, int code, string expected)
    {
        _folder.With("bad.json", """{"format": 1, "mode": 7}""")
            .With("other.json", """{"format": 1, "profiles": [{"shards": [99], "growthPercentPerDay": 2}]}""");
        await ImportAsync();
        var run = await PlanAsync([.. options.Split(' ').Select(
            word => File.Exists(_folder.At(word)) ? _folder.At(word) : word)]);
        Assert.True(run.ExitCode == code, run.Errors);
        Assert.Contains(expected, run.Errors);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Without_a_day_of_history_there_is_no_plan()
    {
        var run = await PlanAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("shardstore: no history yet: ", run.Errors);
        Assert.Contains("1440 are needed", run.Errors);
        Assert.Contains("ctl series import FILE", run.Errors);
    }

    private async Task<double> PeakAsync(params string[] options)
    {
        var run = await PlanAsync(["--days", "1", "--json", .. options]);
        Assert.True(run.ExitCode == 0, run.Errors);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.GetProperty("cases")[2].GetProperty("peakUtilization").GetDouble();
    }

    private Task<CliRun> PlanAsync(params string[] options) => CtlAsync(["plan", .. options]);

    private async Task ImportAsync()
    {
        var text = new StringBuilder("# interval_s: 60\ntimestamp,s1,s2,s3,s4,s5,s6,s7,s8\n");
        for (var step = (_cluster.WallMs / 60_000) - Points; step < _cluster.WallMs / 60_000; step++)
        {
            text.Append(step * 60);
            for (var shard = 1; shard <= 8; shard++)
            {
                var ops = 40_000 * shard * (1 + (0.3 * Math.Sin(2 * Math.PI * step / 1440)));
                text.Append(CultureInfo.InvariantCulture, $",{ops:F0}");
            }
            text.Append('\n');
        }
        var run = await CtlAsync("series", "import", _folder.With("in.csv", text.ToString()).At("in.csv"));
        Assert.True(run.ExitCode == 0, run.Errors);
        _cluster.WallMs += 10_000;
    }

    private Task<CliRun> CtlAsync(params string[] args) => CliRun.OfAsync(
        new Dictionary<string, string> { ["SHARDSTORE_ADMIN"] = $"http://{_bench.Server.EndPoint}" }, ["ctl", .. args]);
}
