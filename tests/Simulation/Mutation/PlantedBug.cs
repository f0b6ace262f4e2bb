using System.Text.RegularExpressions;

namespace ShardStore.Simulation.Mutation;

/// <summary>A known bug as a patch against src/: a line "Cases:" with the numbers of docs/failure-cases.md it belongs
/// to, what breaks, and the diff. The name is that of the file.</summary>
public sealed partial record PlantedBug(string Name, string Path, IReadOnlyList<int> Cases, string Story)
{
    private const string CasesWord = "Cases:";

    public static IReadOnlyList<PlantedBug> All { get; } = Load(SourceRoot.Path);

    private static PlantedBug[] Load(string root) =>
    [
        .. Directory.GetFiles(System.IO.Path.Combine(root, "tests/Simulation/PlantedBugs"), "*.patch")
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    private static PlantedBug Read(string path)
    {
        var head = File.ReadLines(path).TakeWhile(line => !line.StartsWith("--- ", StringComparison.Ordinal)).ToArray();
        if (head.Length < 2 || !head[0].StartsWith(CasesWord, StringComparison.Ordinal))
            throw new InvalidDataException($"{path}: the first line must be '{CasesWord} NUMBERS', then what breaks");
        var cases = Number().Matches(head[0]).Select(match => int.Parse(match.Value)).ToArray();
        var story = string.Join(' ', head.Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0));
        return new PlantedBug(System.IO.Path.GetFileNameWithoutExtension(path), path, cases, story);
    }

    /// <summary>The files its diff touches, relative to the repository.</summary>
    public IEnumerable<string> Touched => File.ReadLines(Path)
        .Where(line => line.StartsWith("--- a/", StringComparison.Ordinal))
        .Select(line => line["--- a/".Length..].Trim());

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
