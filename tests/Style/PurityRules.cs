using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShardStore.Style.Tests;

/// <summary>What a pure project may not name: then its results depend on its input alone, and a failure replays.
/// </summary>
internal static class PurityRules
{
    private static readonly HashSet<string> BannedNames =
    [
        "Task", "ValueTask", "Thread", "ThreadPool", "Timer", "PeriodicTimer", "SemaphoreSlim", "Monitor",
        "DateTime", "DateTimeOffset", "Stopwatch", "TimeProvider", "Guid", "File", "Directory", "FileStream", "Socket",
        "HttpClient", "Console", "ILogger", "Environment", "Process",
    ];

    /// <summary>A model and the library that runs it are files; what they compute is as pure as the rest.</summary>
    private static bool LoadsModel(SourceFile file)
    {
        var name = Path.GetFileName(file.Path);
        return name.StartsWith("Onnx", StringComparison.Ordinal) || name == "ForecastModelFile.cs";
    }

    public static IEnumerable<Finding> Find(SourceFile file)
    {
        if (LoadsModel(file))
            yield break;
        foreach (var node in file.Syntax.DescendantNodes())
        {
            if (BannedWord(node) is { } word)
                yield return new Finding("pure", $"{file.Path}:{word}", 1,
                    $"{file.Path}:{file.LineOf(node)} names {word}; it must come in as an argument");
        }
    }

    private static string? BannedWord(SyntaxNode node) => node switch
    {
        AwaitExpressionSyntax => "await",
        LockStatementSyntax => "lock",
        MemberAccessExpressionSyntax access when access.ToString() == "Random.Shared" => "Random.Shared",
        ObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } made when made.Type.ToString() == "Random"
            => "new Random()",
        IdentifierNameSyntax name when BannedNames.Contains(name.Identifier.Text) && IsUse(name)
            => name.Identifier.Text,
        GenericNameSyntax name when BannedNames.Contains(name.Identifier.Text) => name.Identifier.Text,
        _ => null,
    };

    /// <summary>Not the member in "x.File", nor the label in "File: x" or "File = x" of an initializer.</summary>
    private static bool IsUse(IdentifierNameSyntax name)
    {
        if (name.Parent is NameColonSyntax or NameEqualsSyntax)
            return false;
        if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
            return false;
        return name.Parent is not AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment
            || assignment.Left != name;
    }
}
