using System.Text.RegularExpressions;
using Xunit;

namespace ShardStore.Style.Tests;

/// <summary>docs/failure-cases.md promises tests by name: a name that is gone would be a promise that nobody keeps.
/// </summary>
public partial class FailureCasesTests
{
    private const int Cases = 70;

    private static readonly string[][] s_rows = [.. File
        .ReadLines(Path.Combine(SourceTree.Root, "docs", "failure-cases.md"))
        .Where(line => Row().IsMatch(line))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))];

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z0-9_.]+)`")]
    private static partial Regex Name();

    [Fact]
    public void Every_case_has_its_row()
    {
        Assert.Equal(Enumerable.Range(1, Cases), s_rows.Select(row => int.Parse(row[0])));
        Assert.All(s_rows, row => Assert.Equal(4, row.Length));
    }

    [Fact]
    public void A_row_names_what_shows_it_or_says_that_it_is_open()
    {
        Assert.All(s_rows, row => Assert.True(
            row[3].Contains('`') || row[3].Contains("fixed seeds") || string.Concat(row).Contains("**Open**"), row[0]));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = Path.Combine(SourceTree.Root, "tests");
        var sources = Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/")).Select(File.ReadAllText).ToArray();
        var scripts = Directory.EnumerateFiles(tests, "*.txt", SearchOption.AllDirectories)
            .Select(Path.GetFileName).ToHashSet();
        foreach (var row in s_rows)
        {
            foreach (Match match in Name().Matches(row[3]))
            {
                var name = match.Groups[1].Value;
                Assert.True(scripts.Contains(name) || sources.Any(text => text.Contains(name)), $"{row[0]}: {name}");
            }
        }
    }
}
