using Xunit;

namespace ShardStore.Node.Tests.Cli;

/// <summary>`ctl policy` beyond get and set.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private FakeAdmin _admin = null!;

    public async Task InitializeAsync()
    {
        _admin = await FakeAdmin.StartAsync();
        await File.WriteAllTextAsync(_file, """{"format":1,"mode":"reactive"}""");
    }

    public async Task DisposeAsync()
    {
        await _admin.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_check_names_fields_and_moves()
    {
        _admin.Answer("POST /api/v1/policy/check", """
            {"version":3,"changes":[{"path":"$.mode","from":"\"predictive\"","to":"\"reactive\""}],"new":[],"gone":[
            {"rank":1,"state":"proposed","shard":7,"from":"n1","to":"n2","kind":"leaderTransfer","urgency":61.4,"terms":[],
            "moveSeconds":1,"expiresUnixMs":1,"reason":"r","rejected":[],"policyVersion":3}]}
            """);
        var run = await CtlAsync("policy", "check", _file);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("\\$.mode +\"predictive\" +\"reactive\"", run.Output);
        Assert.Contains("no longer proposed: leaderTransfer of shard 7 from n1 to n2, urgency 61.4", run.Output);
    }

    [Fact]
    public async Task A_check_that_finds_nothing_says_so()
    {
        _admin.Answer("POST /api/v1/policy/check", """{"version":3,"changes":[],"new":[],"gone":[]}""");
        Assert.Contains("nothing: it says what version 3 says", (await CtlAsync("policy", "check", _file)).Output);
    }

    [Fact]
    public async Task The_history_tells_what_each_version_changed()
    {
        _admin.Answer("GET /api/v1/policy/versions", """
            [{"version":2,"setUnixMs":1790000000000,"mode":"reactive","preset":"cost","changes":[
            {"path":"$.mode","from":"\"predictive\"","to":"\"reactive\""}]},
            {"version":1,"setUnixMs":1789990000000,"mode":"predictive","changes":[]}]
            """);
        var run = await CtlAsync("policy", "history");
        Assert.Contains("version 2, set 09-21 14:13:20: reactive, preset cost", run.Output);
        Assert.Contains("version 1, set 09-21 11:26:40: predictive\n", run.Output);
    }

    [Fact]
    public async Task A_history_without_a_version_says_what_is_in_force()
    {
        _admin.Answer("GET /api/v1/policy/versions", "[]");
        Assert.Contains("the built-in default, version 0, is in force", (await CtlAsync("policy", "history")).Output);
    }

    [Fact]
    public async Task A_rollback_sets_an_earlier_document_as_a_new_version()
    {
        _admin.Answer("GET /api/v1/policy/versions/2", """{"version":2,"document":{"format":1,"mode":"off"}}""");
        _admin.Answer("GET /api/v1/policy", """{"version":5,"document":{"format":1}}""");
        _admin.Answer("PUT /api/v1/policy", """{"version":6,"document":{"format":1,"mode":"off"}}""");
        var run = await CtlAsync("policy", "rollback", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("version 6", run.Output);
        Assert.Contains("""PUT /api/v1/policy {"version":5,"document":{"format":1,"mode":"off"}}""", _admin.Requests);
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_a_usage_error()
    {
        var run = await CtlAsync("policy", "rollback", "x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("VERSION 'x': must be a whole number", run.Errors);
    }

    private Task<CliRun> CtlAsync(params string[] arguments) =>
        CliRun.OfAsync(["ctl", .. arguments, "--admin", _admin.Url]);
}
