using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ShardStore.Style.Tests;

/// <summary>The repository's own C# files, parsed once.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = Load();

    private static string FindRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ShardStore.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no ShardStore.sln above the tests");
        return at;
    }

    private static SourceFile[] Load()
    {
        var files = new List<SourceFile>();
        foreach (var part in new[] { "src", "tests", "perf" })
        {
            var folder = Path.Combine(Root, part);
            if (Directory.Exists(folder))
                files.AddRange(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                    .Where(path => !path.Split('/').Any(name => name is "bin" or "obj" or "node_modules"))
                    .Select(Parse));
        }
        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return [.. files];
    }

    private static SourceFile Parse(string path)
    {
        var text = File.ReadAllText(Path.Combine(Root, path));
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path);
        return new SourceFile(path, text.Split('\n'), tree.GetRoot());
    }
}

/// <summary>One file. <paramref name="Path"/> is relative to the repository, with slashes.</summary>
internal sealed record SourceFile(string Path, string[] Lines, SyntaxNode Syntax)
{
    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
