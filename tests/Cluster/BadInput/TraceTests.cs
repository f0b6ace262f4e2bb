using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>A trace that cannot be replayed: code 2 and the line that is wrong.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("a gap", "0,1\n60,1\n600,3\n660,3", "line 4 is 540 s after the line before; the step is 60 s")]
    [InlineData("not a number", "0,1\n60,NaN\n120,1", "line 3 column demand is 'NaN'")]
    [InlineData("an infinite number", "0,1\n60,Infinity\n120,1", "line 3 column demand is 'Infinity'")]
    [InlineData("text", "0,1\n60,many\n120,1", "line 3 column demand is 'many'")]
    [InlineData("an empty field", "0,1\n60,\n120,1", "line 3 column demand is ''")]
    [InlineData("time that goes back", "0,1\n60,1\n30,1", "line 4 goes back in time from 60 to 30")]
    [InlineData("time that stands still", "0,1\n60,1\n60,1", "line 4 goes back in time from 60 to 60")]
    [InlineData("a time that is a date", "0,1\n2024-01-01,1\n120,1", "line 3 column timestamp is '2024-01-01'")]
    [InlineData("a field too many", "0,1\n60,1,2\n120,1", "line 3 has 3 fields; 2 are needed")]
    [InlineData("negative demand", "0,1\n60,-1\n120,1", "line 3 column demand is -1")]
    [InlineData("a single point", "0,1", "after 1 points; at least 2 are needed")]
    public async Task A_trace_is_refused_by_its_line(string what, string points, string expected)
    {
        await File.WriteAllTextAsync(_file, $"timestamp,demand\n{points}\n");
        var run = await ReplayAsync(_file);
        Assert.True(run.ExitCode == 2, $"{what}: code {run.ExitCode}");
        run.AssertRefused(2, "--replay", Path.GetFileName(_file), expected);
    }

    [Fact]
    public async Task A_file_that_is_no_trace_is_refused()
    {
        await File.WriteAllTextAsync(_file, "");
        (await ReplayAsync(_file)).AssertRefused(2, "--replay", "column names");
        await File.WriteAllBytesAsync(_file, [0xFF, 0xFE, 0x00, 0x0A, 0x80]);
        (await ReplayAsync(_file)).AssertRefused(2, "--replay", "line 1");
        (await ReplayAsync("/nowhere/trace.csv")).AssertRefused(2, "--replay", "/nowhere/trace.csv", "does not exist");
    }

    private static async Task<ToolResult> ReplayAsync(string file)
    {
        var (code, output, errors) = await NodeProcess.RunAsync("bench", "--replay", file, "--seconds", "1");
        return new ToolResult(code, output, errors);
    }
}
