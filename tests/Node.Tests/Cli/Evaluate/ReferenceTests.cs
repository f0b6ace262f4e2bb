using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Cli.Evaluate;

/// <summary>
/// Holds the yardsticks against the figures that another program computed by the same protocol. The traces are not part
/// of the repository: SHARDSTORE_TRACES names their folder, beside which lie reference.csv and tasks.csv; without
/// them this says that it skips.
/// </summary>
public class ReferenceTests(ITestOutputHelper output)
{
    private const int Digits = 5;

    [Fact]
    public async Task Yardsticks_agree_with_the_reference_to_its_printed_digits()
    {
        if (Environment.GetEnvironmentVariable("SHARDSTORE_TRACES") is not { Length: > 0 } traces
            || !File.Exists(Path.Combine(traces, "..", "reference.csv")))
        {
            output.WriteLine("Skipped: SHARDSTORE_TRACES names no folder with load traces beside a reference.csv.");
            return;
        }
        using var folder = new TraceFolder();
        var run = await CliRun.OfAsync("forecast", "evaluate", "--data", traces, "--csv", folder.At("scores.csv"),
            "--models", "naive,snaive,mean12,ses", "--only", "aws*,azure*,tweets*,nasa*,gentd26*");
        Assert.True(run.ExitCode == 0, run.Errors);
        var ours = Rows(folder.At("scores.csv")).ToDictionary(KeyOf, StringComparer.Ordinal);
        var compared = 0;
        var reference = Rows(Path.Combine(traces, "..", "reference.csv"));
        foreach (var row in reference.Where(row => ours.ContainsKey(KeyOf(row))))
        {
            var mine = ours[KeyOf(row)];
            foreach (var (column, text) in row.Where(field => field.Key is not ("set" or "series" or "method")))
            {
                Assert.True(Agree(text, mine[column]), $"{KeyOf(row)} {column}: {text} expected, {mine[column]} found");
                compared++;
            }
        }
        output.WriteLine($"{compared} figures of {ours.Count} rows agree.");
        // Every series at four horizons by four methods, each row with the same columns.
        Assert.Equal(ours.Count * (ours.Values.First().Count - 3), compared);
    }

    private static string KeyOf(Dictionary<string, string> row) =>
        $"{row["series"]} {row["method"]} {row["horizon"]}";

    private static IEnumerable<Dictionary<string, string>> Rows(string path)
    {
        var lines = File.ReadLines(path).Select(line => line.Split(',')).ToList();
        return lines.Skip(1).Select(fields =>
            lines[0].Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private static bool Agree(string expected, string found)
    {
        if (expected.Length == 0 || found.Length == 0)
            return expected == found;
        var (e, f) = (double.Parse(expected, CultureInfo.InvariantCulture),
            double.Parse(found, CultureInfo.InvariantCulture));
        var last = e == 0 ? 0 : Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(e))) - Digits + 1);
        return Math.Abs(e - f) <= 0.500001 * last;
    }
}
