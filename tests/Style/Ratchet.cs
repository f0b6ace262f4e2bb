using System.Globalization;

namespace ShardStore.Style.Tests;

/// <summary>
/// Known exceptions, one a line: rule, place, size. A finding may be as large as its line says, never larger; a line
/// that is no longer needed, or larger than needed, fails too, so the list can only shrink.
/// </summary>
internal sealed class Ratchet
{
    private readonly Dictionary<string, int> _allowed = [];

    public static Ratchet Read()
    {
        var ratchet = new Ratchet();
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "tests", "Style", "ratchet.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var cut = line.LastIndexOf(' ');
            ratchet._allowed.Add(line[..cut], int.Parse(line.AsSpan(cut + 1), CultureInfo.InvariantCulture));
        }
        return ratchet;
    }

    /// <summary>What must be said about one rule's findings; empty when all is well.</summary>
    public IReadOnlyList<string> Judge(string rule, IEnumerable<Finding> findings)
    {
        var problems = new List<string>();
        var worst = findings.GroupBy(finding => finding.Key)
            .ToDictionary(group => group.Key, group => group.MaxBy(finding => finding.Size)!);
        foreach (var finding in worst.Values)
        {
            var allowed = _allowed.GetValueOrDefault(finding.Key);
            if (finding.Size > allowed)
                problems.Add($"{finding.Text}   [{finding.Key} {finding.Size}]");
        }
        foreach (var (key, allowed) in _allowed)
        {
            if (!key.StartsWith(rule + " ", StringComparison.Ordinal))
                continue;
            var size = worst.GetValueOrDefault(key)?.Size ?? 0;
            if (size < allowed)
                problems.Add(size == 0
                    ? $"ratchet.txt: '{key} {allowed}' is no longer needed; remove it"
                    : $"ratchet.txt: '{key} {allowed}' can be lowered to {size}");
        }
        return problems;
    }
}
