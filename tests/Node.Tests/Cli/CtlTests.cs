using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using Xunit;

namespace ShardStore.Node.Tests.Cli;

public sealed class CtlTests : IAsyncLifetime
{
    private FakeAdmin _admin = null!;

    public async Task InitializeAsync() => _admin = await FakeAdmin.StartAsync();

    public async Task DisposeAsync() => await _admin.DisposeAsync();

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("degraded", 0)]
    [InlineData("unavailable", 1)]
    public async Task Status_tells_the_state_by_its_exit_code(string state, int exitCode)
    {
        _admin.Answer("GET /api/v1/cluster", Cluster(state));
        var run = await CtlAsync("status");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(state, run.Output);
        Assert.Contains("2 of 3 up", run.Output);
        Assert.DoesNotContain("\u001b", run.Output);
    }

    [Fact]
    public async Task Json_is_one_document_as_the_api_gave_it()
    {
        _admin.Answer("GET /api/v1/cluster", Cluster("ok"));
        var run = await CtlAsync("status", "--json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("predictive", document.RootElement.GetProperty("balancerMode").GetString());
    }

    [Fact]
    public async Task Nodes_show_utilization_and_its_age()
    {
        _admin.Answer("GET /api/v1/nodes", """
            [{"number":1,"name":"n1","hexId":"a","host":"127.0.0.1","port":7001,"peerPort":7101,"adminPort":8001,
              "zone":"default","capacityCores":2,"state":"active","isMetaLeader":true,"shardsLed":16,"replicasHeld":48,
              "inConsensusFrames":912,"utilization":{"sequence":5,"ageMs":1400,"cpuShare":0.42,"cpuAttributedShare":0.3,
              "memoryBytes":1073741824,"memoryShare":0.1,"diskReadBytesPerSecond":0,"diskWriteBytesPerSecond":2048,
              "networkInBytesPerSecond":1,"networkOutBytesPerSecond":2,"fsyncMsP99":1.5,"requestMsP99":0.8,
              "readsPerSecond":15000,"writesPerSecond":5000,"opsPerSecond":20000,"storedBytes":7}},
             {"number":2,"name":"n[2]","hexId":"b","host":"127.0.0.1","port":7002,"peerPort":7102,"adminPort":8002,
              "zone":"default","capacityCores":2,"state":"down","isMetaLeader":false,"shardsLed":0,"replicasHeld":48,
              "inConsensusFrames":0}]
            """);
        var run = await CtlAsync("nodes");
        Assert.Equal(0, run.ExitCode);
        var rows = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        foreach (var cell in new[] { "n1*", "42 %", "30 %", "1 GiB", "20 k/s", "1.4 s", "912", "1.5 ms" })
            Assert.Contains(cell, rows[1]);
        Assert.Contains("n[2]", rows[2]);
    }

    [Fact]
    public async Task A_refused_migration_prints_the_problem_in_one_line()
    {
        _admin.Refuse("POST /api/v1/migrations", 409, """
            {"type":"urn:shardstore:shard-moving","title":"Conflict","status":409,
             "detail":"shard 7 is already moving (migration 12)"}
            """);
        var run = await CtlAsync("migrate", "7", "--from", "n1", "--to", "n4");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("shardstore: shard 7 is already moving (migration 12)\n", run.Errors);
        Assert.Contains("POST /api/v1/migrations {\"shard\":7,\"from\":\"n1\",\"to\":\"n4\"}", _admin.Requests);
    }

    [Theory]
    [InlineData("Done", 0)]
    [InlineData("Failed", 1)]
    public async Task A_watched_migration_is_followed_to_its_end(string end, int exitCode)
    {
        _admin.Answer("POST /api/v1/migrations", Migration("Planned", ended: false));
        _admin.Answer("GET /api/v1/migrations/12", Migration("Seeding", ended: false), Migration(end, ended: true));
        var run = await CtlAsync("migrate", "7", "--from", "n1", "--to", "n4", "--watch");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("Seeding", run.Output);
        Assert.Contains(end, run.Output);
    }

    [Fact]
    public async Task Recommendations_show_their_number_and_state()
    {
        _admin.Answer("GET /api/v1/recommendations", $"""
            [{Row(5, "proposed", 1, "\"needsApproval\":true,")},
             {Row(4, "executing", 0, "\"migrationId\":17,")},
             {Row(3, "vetoed", 0, "\"vetoedUntilUnixMs\":1790000000000,")}]
            """);
        var run = await CtlAsync("recommendations");
        var rows = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, rows.Length);
        Assert.Contains("5  proposed, needs approval", rows[1]);
        Assert.Contains("executing (m17)", rows[2]);
        Assert.Contains("vetoed until 09-21 14:13:20", rows[3]);
    }

    [Fact]
    public async Task Approve_and_veto_name_the_recommendation_and_tell_what_came_of_it()
    {
        _admin.Answer("POST /api/v1/recommendations/5/approve",
            Row(5, "approved", 0, "\"approvedUntilUnixMs\":1790000000000,"));
        _admin.Answer("POST /api/v1/recommendations/6/veto",
            Row(6, "vetoed", 0, "\"vetoedUntilUnixMs\":1790000000000,"));
        var approve = await CtlAsync("approve", "5");
        Assert.Equal(
            "recommendation 5 (leaderTransfer of shard 7 from n1 to n2) is approved until 09-21 14:13:20\n",
            approve.Output);
        var veto = await CtlAsync("veto", "6", "--minutes", "90");
        Assert.Equal("recommendation 6 is vetoed: shard 7 stays until 09-21 14:13:20\n", veto.Output);
        Assert.Equal(0, (await CtlAsync("veto", "6")).ExitCode);
        Assert.Equal(
            [
                "POST /api/v1/recommendations/5/approve", """POST /api/v1/recommendations/6/veto {"minutes":90}""",
                """POST /api/v1/recommendations/6/veto {"minutes":60}""",
            ],
            _admin.Requests);
    }

    [Fact]
    public async Task Why_prints_sentences_and_outcomes_print_pairs()
    {
        _admin.Answer("GET /api/v1/why/m17", """{"kind":"migration","id":17,"sentences":["It moved.","It helped."]}""");
        Assert.Equal("It moved.\nIt helped.\n", (await CtlAsync("why", "m17")).Output);
        _admin.Answer("GET /api/v1/recommendations/history", """
            [{"id":5,"state":"done","shard":7,"from":"n1","to":"n2","kind":"leaderTransfer","proposedUnixMs":1,
              "startedUnixMs":2,"endedUnixMs":3,"migrationId":17,"rejected":[],"cost":{"bytesPlanned":0,"bytes":0,
              "secondsPlanned":0.5,"seconds":0.7},"source":{"forecastWithout":0.95,"forecastWith":0.6,
              "chanceWithout":0.9,"chanceWith":0,"cameWithout":0.91,"came":0.62},"help":{"verdict":"yes",
              "threshold":0.8,"fromUnixMs":1,"toUnixMs":2,"secondsOverWithout":600,"secondsOver":0,
              "targetSecondsAdded":0,"measuredShare":1}},
             {"id":6,"state":"vetoed","shard":8,"from":"n1","to":"n2","kind":"replicaMove","proposedUnixMs":1,
              "endedUnixMs":3,"rejected":[]}]
            """);
        var rows = (await CtlAsync("outcomes")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var cell in new[] { "m17", "yes", "95 % → 91 %", "60 % → 62 %", "10 min → 0 s", "0.5 s → 0.7 s" })
            Assert.Contains(cell, rows[1]);
        Assert.Contains("vetoed", rows[2]);
    }

    [Theory]
    [InlineData("approve", "x", "ID 'x': must be a whole number from 1 to 2147483647")]
    [InlineData("approve", "0", "ID '0': must be a whole number from 1 to ")]
    [InlineData("veto", "m5", "ID 'm5': must be a whole number from 1 to ")]
    [InlineData("why", "m", "SHARD|MIGRATION 'm': must be the number of a shard (1 to 16384), or of a migration after")]
    [InlineData("why", "n1", "SHARD|MIGRATION 'n1': must be ")]
    [InlineData("why", "16385", "SHARD|MIGRATION '16385': must be ")]
    public async Task A_name_that_cannot_be_is_refused_before_anybody_is_asked(string verb, string name, string problem)
    {
        var run = await CtlAsync(verb, name);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.Errors);
        Assert.Empty(_admin.Requests);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10081")]
    [InlineData("-5")]
    [InlineData("an hour")]
    public async Task A_veto_of_no_time_or_for_ever_is_refused(string minutes)
    {
        var run = await CtlAsync("veto", "5", $"--minutes={minutes}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--minutes '{minutes}' (from the command line): must be a whole number from 1 to 10080",
            run.Errors);
        Assert.Empty(_admin.Requests);
    }

    [Fact]
    public async Task A_policy_is_replaced_by_version()
    {
        _admin.Answer("GET /api/v1/policy", """{"version":3,"document":{"threshold":0.8}}""");
        _admin.Answer("PUT /api/v1/policy", """{"version":4,"document":{"threshold":0.7}}""");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{"threshold":0.7}""");
            var run = await CtlAsync("policy", "set", file);
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("version 4", run.Output);
            Assert.Contains("""PUT /api/v1/policy {"version":3,"document":{"threshold":0.7}}""", _admin.Requests);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_forecast_shows_its_band_and_how_good_the_models_were()
    {
        _admin.Answer("GET /api/v1/forecasts/7", """
            {"shard":7,"metric":"opsPerSecond","stepSeconds":300,"startUnixMs":1800000000000,"levels":[0.1,0.5,0.9],
             "values":[[10,20,40],[15,30,60]],"method":"lstm","state":"ok","historySteps":400,
             "scores":[{"method":"lstm","loss":1.5,"windows":20,"beatsBaseline":true}],
             "members":[{"method":"lstm","short":0.4,"middle":0.7,"long":1},
                        {"method":"ses","short":0.6,"middle":0.3,"long":0}],
             "coverage":[{"level":0.5,"share":0.52,"compared":210},{"level":0.9,"share":0.91,"compared":210}],
             "parts":[{"kind":"event","name":"sale","cameTrue":1,"multipliers":[1,2.5]}],
             "past":[{"startUnixMs":1799999400000,"low":5,"median":25,"high":45,"came":50},
                     {"startUnixMs":1799999700000,"low":6,"median":26,"high":46}]}
            """);
        var run = await CtlAsync("forecast", "7");
        var lines = run.Output.Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.Equal("shard 7, opsPerSecond, model lstm, ok; 400 steps of history", lines[0]);
        // Columns of the drawing are fortyseventh parts of the highest value, 60.
        Assert.EndsWith(" 50  " + Blank(4) + "▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒┃▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒   ●", Row(lines, "07:50:00"));
        Assert.EndsWith(" -  " + Blank(5) + "▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒┃▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒", Row(lines, "07:55:00"));
        Assert.Contains("10   20   40", Row(lines, "08:00:00"));
        Assert.Contains("combination of (over steps 1–4, 5–12, 13–30): lstm 40 % 70 % 100 %, ses 60 % 30 % 0 %", lines);
        Assert.Contains("covered so far: P50 52 %, P90 91 % of 210 comparisons", lines);
        Assert.Contains("known: event sale, times 2.5 from 01-15 08:05:00 to 01-15 08:10:00", lines);
        Assert.Contains("backtest lstm: loss 1.5 over 20 windows, beats the baselines", lines);
        Assert.True(Array.FindIndex(lines, line => line.StartsWith("now", StringComparison.Ordinal))
            < Array.IndexOf(lines, Row(lines, "08:00:00")));
    }

    [Fact]
    public async Task A_nodes_forecast_shows_its_limit_its_odds_and_who_makes_the_load()
    {
        _admin.Answer("GET /api/v1/forecasts/nodes/n2", """
            {"node":"n2","metric":"cpuShare","stepSeconds":300,"startUnixMs":1800000000000,"current":0.5,
             "threshold":0.8,"median":[0.55,0.7],"high":[0.65,0.9],"highLevel":0.9,"overloadProbability":0.34,
             "breachUnixMsP90":1800000400000,"peakUnixMs":1800000300000,"backgroundShare":0.05,"untrustedShare":0.1,
             "parts":[{"shard":3,"leads":true,"share":0.4},{"shard":9,"leads":false,"share":0.25}]}
            """);
        var run = await CtlAsync("forecast", "n2");
        Assert.Contains("node n2, cpuShare, now 50 %, limit 80 %, passes it with probability 34 %; 1 in 10 by "
            + "01-15 08:06:40", run.Output);
        Assert.Contains("at its peak, 01-15 08:05:00: shard 3 (leads) 40 %, shard 9 25 %, beside all shards 5 %",
            run.Output);
        Assert.Contains("10 % of it is of shards with too little history to trust", run.Output);
        Assert.Contains("┃▒▒▒▒╎▒▒▒▒▒", run.Output);
    }

    [Fact]
    public async Task Costs_are_shown_with_two_standard_errors()
    {
        _admin.Answer("GET /api/v1/costs", """
            {"readMicros":{"value":12.3,"error":0.5},"writeMicros":{"value":31},"followerWriteMicros":{"value":14},
             "idleCores":{"value":0.05,"error":0.004},"samples":1234,"residualCores":0.02,
             "nodes":[{"node":"n1","cores":0.8,"unattributedCores":0.11}]}
            """);
        var run = await CtlAsync("costs");
        var lines = run.Output.Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.Equal("from 1234 samples, which they miss by 0.02 cores", lines[0]);
        Assert.Matches("^a read +12.3 +1  µs$", Row(lines, "a read"));
        Assert.Matches(@"^a write, on each follower +14 +\?  µs$", Row(lines, "follower"));
        Assert.Matches("^n1 +0.8 +0.11$", Row(lines, "n1"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("16385")]
    [InlineData("n 2")]
    [InlineData("")]
    public async Task A_forecast_of_nothing_is_refused_by_name(string target)
    {
        var run = await CtlAsync("forecast", target);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            $"SHARD|NODE '{target}': must be the number of a shard (1 to 16384) or the name of a node", run.Errors);
    }

    private static string Row(string[] lines, string time) =>
        Assert.Single(lines, line => line.Contains(time, StringComparison.Ordinal));

    private static string Blank(int columns) => new(' ', columns);

    [Fact]
    public async Task A_server_that_is_not_ours_is_recognised()
    {
        _admin.Answer("GET /api/v1/cluster", "<html>hello</html>");
        var run = await CtlAsync("status");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is it the admin port of a node?", run.Errors);
    }

    private Task<CliRun> CtlAsync(params string[] args) =>
        CliRun.OfAsync(new Dictionary<string, string> { ["SHARDSTORE_ADMIN"] = _admin.Url }, ["ctl", .. args]);

    private static string Cluster(string state) => JsonSerializer.Serialize(
        new ClusterView
        {
            ClusterId = "c1",
            Version = "1.0.0",
            Node = "n1",
            State = state,
            Reasons = state == "ok" ? [] : ["n3 is down"],
            MapEpoch = 9,
            MetaLeader = "n2",
            NodeCount = 3,
            NodesUp = 2,
            ShardCount = 48,
            ShardsWithoutLeader = 0,
            ReplicasPerShard = 3,
            MigrationsRunning = 0,
            AlertsActive = 0,
            BalancerMode = "predictive",
            PolicyVersion = 1,
            ForecastStepSeconds = 300,
            ForecastSeasonSteps = 288,
            OpsPerSecond = 0,
            StoredBytes = 0,
            UnixMs = 1_800_000_000_000,
        },
        AdminJson.Default.ClusterView);

    private static string Migration(string stage, bool ended) => JsonSerializer.Serialize(
        new MigrationView
        {
            Id = 12,
            Shard = 7,
            From = "n1",
            To = "n4",
            Kind = "replicaMove",
            Stage = stage,
            Reason = "asked for by the operator",
            StartedUnixMs = 1_800_000_000_000,
            StageSinceUnixMs = 1_800_000_000_000,
            EndedUnixMs = ended ? 1_800_000_009_000 : null,
            BytesTotal = 1 << 20,
            BytesMoved = 1 << 19,
            BytesOnWire = 1 << 18,
            BytesPerSecond = 1e6,
            ReadPercent = 25,
        },
        AdminJson.Default.MigrationView);

    private static string Row(long id, string state, int rank, string more) => $$"""
        {"id":{{id}},"state":"{{state}}","rank":{{rank}},{{more}}"shard":7,"from":"n1","to":"n2",
         "kind":"leaderTransfer","urgency":50,"terms":[],"moveSeconds":0.5,"reason":"why","rejected":[],
         "policyVersion":3}
        """;
}
