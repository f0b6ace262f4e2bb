using System.IO.Enumeration;

namespace ShardStore.Node.Cli;

/// <summary>Which trace files an option names: one file, or those of a folder that match a pattern, in the order of
/// their names.</summary>
/// <param name="option">Name of the option, for <see cref="WhyNone"/>.</param>
/// <param name="path">A folder or a file that exists.</param>
/// <param name="only">Patterns of file names, with or without ending; empty: all.</param>
internal sealed class TracePaths(string option, string path, IReadOnlyList<string> only)
{
    private const string Ending = ".csv";

    private readonly string[] _all = File.Exists(path)
        ? [path]
        : Directory.GetFiles(path, "*" + Ending).Order(StringComparer.Ordinal).ToArray();

    public IEnumerable<string> Taken =>
        _all.Where(file => only.Count == 0 || only.Any(pattern => Matches(pattern, file)));

    /// <summary>In one line, where none is taken.</summary>
    public string WhyNone => _all.Length == 0
        ? $"--{option} {path}: no trace files (*{Ending}) in it"
        : $"--only {string.Join(',', only)}: none of the {_all.Length} files of {path} matches; the first is "
            + Path.GetFileName(_all[0]);

    private static bool Matches(string pattern, string file) =>
        FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false)
        || FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileNameWithoutExtension(file), ignoreCase: false);
}
