using ShardStore.Node.Bench;
using Xunit;

namespace ShardStore.Client.Tests;

public sealed class TraceFileTests
{
    private static TraceFile Parse(string text) => TraceFile.Parse(new StringReader(text), "t.csv");

    [Fact]
    public void A_trace_with_header_and_columns_is_read()
    {
        var trace = Parse("# unit: requests\n# interval_s: 60\ntimestamp,a,b\n0,1,10\n60,3,20\n120,5,30\n");
        Assert.Equal("requests", trace.Header["unit"]);
        Assert.Equal(["a", "b"], trace.Columns);
        Assert.Equal([1, 3, 5], trace.Values[0]);
        Assert.Equal(120, trace.DurationS);
        Assert.Equal(2, trace.ValueAt(0, 30));
        Assert.Equal(30, trace.ValueAt(1, 1000));
        Assert.Equal(10, trace.ValueAt(1, -5));
    }

    [Theory]
    [InlineData("a text", "0,1\n60,many\n", "line 3 column value is 'many', not a finite number")]
    [InlineData("not a number", "0,1\n60,NaN\n", "line 3 column value is 'NaN', not a finite number")]
    [InlineData("an empty field", "0,1\n60,\n", "line 3 column value is '', not a finite number")]
    [InlineData("a bad time", "noon,1\n60,1\n120,1\n", "line 2 column timestamp is 'noon'")]
    [InlineData("negative demand", "0,1\n60,-2\n", "line 3 column value is -2; demand is never negative")]
    [InlineData("a gap", "0,1\n60,1\n180,1\n", "line 4 is 120 s after the line before; the step is 60 s")]
    [InlineData("time going back", "0,1\n60,1\n30,1\n", "line 4 goes back in time from 60 to 30")]
    [InlineData("a field too many", "0,1,2\n60,1\n120,1\n", "line 2 has 3 fields; 2 are needed")]
    [InlineData("an empty line", "0,1\n\n60,1\n", "line 3 is empty")]
    [InlineData("one point", "0,1\n", "after 1 points; at least 2 are needed")]
    public void A_bad_line_is_named(string what, string points, string expected)
    {
        var error = Assert.Throws<TraceFormatException>(() => Parse("timestamp,value\n" + points));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.StartsWith("trace t.csv: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_bad_lines_are_told_at_once_but_not_without_end()
    {
        var lines = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},x\n"));
        var error = Assert.Throws<TraceFormatException>(() => Parse("timestamp,value\n" + lines));
        Assert.Contains("line 2 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 21 ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 22 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_columns_is_no_trace()
    {
        Assert.Contains("'time,value'", Assert.Throws<TraceFormatException>(() => Parse("time,value\n0,1\n1,1\n"))
            .Message, StringComparison.Ordinal);
        Assert.Throws<TraceFormatException>(() => Parse(""));
        Assert.Contains("does not exist", Assert.Throws<TraceFormatException>(() => TraceFile.Load("/no/such.csv"))
            .Message, StringComparison.Ordinal);
    }
}
