using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShardStore.Style.Tests;

/// <summary>Rules about size and shape.</summary>
internal static class SizeRules
{
    private const int FileLinesMax = 500;
    private const int ColumnsMax = 120;
    private const int FunctionLinesMax = 70;
    private const int ParametersMax = 5;

    /// <summary>Ids, enums and small records that only their neighbour uses may share its file.</summary>
    private const int SharedTypeLinesMax = 40;

    public static IEnumerable<Finding> LongFiles(SourceFile file)
    {
        var lines = file.Lines.Length - (file.Lines[^1].Length == 0 ? 1 : 0);
        if (lines > FileLinesMax)
            yield return new Finding("file-lines", file.Path, lines,
                $"{file.Path} has {lines} lines; at most {FileLinesMax} are allowed");
    }

    public static IEnumerable<Finding> WideLines(SourceFile file)
    {
        for (var line = 0; line < file.Lines.Length; line++)
        {
            if (file.Lines[line].Length > ColumnsMax)
                yield return new Finding("columns", file.Path, file.Lines[line].Length,
                    $"{file.Path}:{line + 1} has {file.Lines[line].Length} columns; at most {ColumnsMax} are allowed");
        }
    }

    public static IEnumerable<Finding> LongFunctions(SourceFile file)
    {
        foreach (var node in file.Syntax.DescendantNodes().Where(IsFunction))
        {
            var span = node.GetLocation().GetLineSpan();
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > FunctionLinesMax)
                yield return new Finding("function-lines", $"{file.Path}:{NameOf(node)}", lines,
                    $"{file.Path}:{file.LineOf(node)} {NameOf(node)} has {lines} lines; "
                    + $"at most {FunctionLinesMax} are allowed");
        }
    }

    public static IEnumerable<Finding> ManyParameters(SourceFile file)
    {
        foreach (var list in file.Syntax.DescendantNodes().OfType<ParameterListSyntax>())
        {
            // Records are what long parameter lists become.
            if (list.Parent is null or RecordDeclarationSyntax || HasForeignShape(list.Parent))
                continue;
            if (list.Parameters.Count > ParametersMax)
                yield return new Finding("parameters", $"{file.Path}:{NameOf(list.Parent)}", list.Parameters.Count,
                    $"{file.Path}:{file.LineOf(list)} {NameOf(list.Parent)} has {list.Parameters.Count} parameters; "
                    + $"at most {ParametersMax} are allowed, then a record");
        }
    }

    public static IEnumerable<Finding> SharedFiles(SourceFile file)
    {
        var types = file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax).ToArray();
        var name = Path.GetFileNameWithoutExtension(file.Path);
        foreach (var type in types.Where(type => types.Length > 1 && type.Identifier.Text != name))
        {
            var span = type.GetLocation().GetLineSpan();
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > SharedTypeLinesMax)
                yield return new Finding("one-type-a-file", $"{file.Path}:{type.Identifier.Text}", lines,
                    $"{file.Path} also holds {type.Identifier.Text} of {lines} lines; give it a file of its own");
        }
    }

    /// <summary>Overrides and imported functions: others chose their parameters.</summary>
    private static bool HasForeignShape(SyntaxNode node) =>
        node is MethodDeclarationSyntax method
        && (method.Modifiers.Any(word => word.Text == "override")
            || (method.Body is null && method.ExpressionBody is null && method.AttributeLists.Count > 0));

    private static bool IsFunction(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax;

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax property } => property.Identifier.Text,
        _ => node.Kind().ToString(),
    };

    private static Microsoft.CodeAnalysis.CSharp.SyntaxKind Kind(this SyntaxNode node) =>
        Microsoft.CodeAnalysis.CSharp.CSharpExtensions.Kind(node);
}
