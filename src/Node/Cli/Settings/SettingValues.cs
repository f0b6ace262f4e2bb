using System.Diagnostics.CodeAnalysis;

namespace ShardStore.Node.Cli.Settings;

/// <summary>What was given for each setting, and where: the command line wins over the environment, that over the
/// configuration file, and that over the default. Nothing is parsed before it is asked for.</summary>
public sealed class SettingValues(
    IReadOnlyDictionary<string, string> commandLine, Func<string, string?> environment, ConfigFile? file)
{
    /// <summary>The value given or the default; throws <see cref="UsageException"/> for what is not allowed, and when
    /// a setting without default is missing.</summary>
    public T Get<T>(Setting<T> setting)
    {
        if (TryGet(setting, out var value))
            return value;
        if (setting.Default is { } standard)
            return standard.Value;
        throw new UsageException($"--{setting.Name} is missing; give {setting.Allowed}");
    }

    /// <summary>False when nothing was given.</summary>
    public bool TryGet<T>(Setting<T> setting, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (Find(setting) is not { } found)
            return false;
        var parsed = setting.Parse(found.Text)
            ?? throw new UsageException(Refusal(setting, $"must be {setting.Allowed}"));
        value = parsed.Value;
        return true;
    }

    /// <summary>A file that can be made, checked before work that may take long; null when none is given.</summary>
    public string? FileToWrite(Setting<string> setting)
    {
        if (!TryGet(setting, out var path))
            return null;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path) || !Directory.Exists(folder))
            throw new UsageException(Refusal(setting, "must be a file in a folder that exists"));
        return path;
    }

    /// <summary>"--name 'value' (from where) …", for checks that need more than the value.</summary>
    public string Refusal(Setting setting, string rule) =>
        Find(setting) is { } found
            ? $"--{setting.Name} '{OneLine(found.Text)}' ({found.Source}): {rule}"
            : $"--{setting.Name} (default {setting.DefaultText}): {rule}";

    private (string Text, string Source)? Find(Setting setting)
    {
        if (commandLine.TryGetValue(setting.Name, out var text))
            return (text, "from the command line");
        if (environment(setting.Variable) is { Length: > 0 } variable)
            return (variable, $"from {setting.Variable}");
        return file?.Find(setting.Name) is { } written ? (written, $"from {file.Path}") : null;
    }

    private static string OneLine(string text) =>
        (text.Length > 200 ? text[..200] + "…" : text).ReplaceLineEndings(" ");
}
