using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShardStore.Style.Tests;

/// <summary>Rules about names and habits.</summary>
internal static partial class HabitRules
{
    private static readonly string[] GeneratorAttributes =
        ["LibraryImport", "GeneratedRegex", "LoggerMessage", "JsonSerializable"];

    public static IEnumerable<Finding> VagueNames(SourceFile file)
    {
        foreach (var type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        {
            var name = type.Identifier.Text;
            if (VagueWord().Match(name) is { Success: true } match)
                yield return new Finding("names", $"{file.Path}:{name}", 1,
                    $"{file.Path}:{file.LineOf(type)} {name}: '{match.Value}' says nothing; name what it is");
        }
    }

    public static IEnumerable<Finding> EmptyCatches(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
            .Where(clause => clause.Block.Statements.Count == 0)
            .Select(clause => At(file, clause, "empty-catch", "empty catch: do something or let it pass"));

    public static IEnumerable<Finding> AsyncVoids(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.Modifiers.Any(SyntaxKind.AsyncKeyword)
                && method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword })
            .Select(method => At(file, method, "async-void", $"{method.Identifier.Text} is async void"));

    public static IEnumerable<Finding> Partials(SourceFile file)
    {
        foreach (var type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            if (type.Modifiers.Any(SyntaxKind.PartialKeyword) && !FeedsGenerator(type))
                yield return At(file, type, "partial",
                    $"{type.Identifier.Text} is partial without a source generator: too big for a file is two types");
        }
    }

    public static IEnumerable<Finding> Regions(SourceFile file) =>
        file.Syntax.DescendantNodes(descendIntoTrivia: true).OfType<RegionDirectiveTriviaSyntax>()
            .Select(region => At(file, region, "region", "#region: make it a type"));

    public static IEnumerable<Finding> UnfinishedWork(SourceFile file)
    {
        for (var line = 0; line < file.Lines.Length; line++)
        {
            if (Unfinished().Match(file.Lines[line]) is { Success: true } match)
                yield return new Finding("unfinished", file.Path, 1,
                    $"{file.Path}:{line + 1} {match.Value}: finish it or write it down elsewhere");
        }
    }

    /// <summary>A test that sleeps is slow when it passes and flaky when it does not. Pausing inside a loop that waits
    /// for a condition is fine: the loop has a deadline.</summary>
    public static IEnumerable<Finding> SleepsInTests(SourceFile file)
    {
        if (!file.IsIn("tests"))
            return [];
        return file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString() is "Thread.Sleep" or "Task.Delay" && !IsInLoop(call)
                && !call.ArgumentList.ToString().Contains("Infinite", StringComparison.Ordinal))
            .Select(call => At(file, call, "sleep", $"{call.Expression} as synchronization: wait on a signal"));
    }

    private static bool IsInLoop(SyntaxNode node) => node.Ancestors()
        .TakeWhile(above => above is not MemberDeclarationSyntax)
        .Any(above => above is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax
            or CommonForEachStatementSyntax);

    private static bool FeedsGenerator(TypeDeclarationSyntax type)
    {
        var attributes = type.DescendantNodesAndSelf().OfType<AttributeSyntax>()
            .Select(attribute => attribute.Name.ToString());
        return attributes.Any(GeneratorAttributes.Contains)
            || type.DescendantNodes().OfType<TypeDeclarationSyntax>().Any(FeedsGenerator);
    }

    private static Finding At(SourceFile file, SyntaxNode node, string rule, string text) =>
        new(rule, file.Path, 1, $"{file.Path}:{file.LineOf(node)} {text}");

    [GeneratedRegex(@"(Manager|Helpers?|Utils?|Utility|Utilities|Data|Info)(?=[A-Z]|$)")]
    private static partial Regex VagueWord();

    // Split, so that this file does not find itself.
    [GeneratedRegex("\\b(TO" + "DO|FIX" + "ME|HA" + "CK|NotImplemented" + "Exception)\\b")]
    private static partial Regex Unfinished();
}
