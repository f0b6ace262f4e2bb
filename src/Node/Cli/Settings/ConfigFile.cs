using System.Text.Json;
using System.Text.Unicode;

namespace ShardStore.Node.Cli.Settings;

/// <summary>A configuration file: one JSON object whose fields are the settings' names; comments and trailing commas
/// are allowed. A field that is no setting is refused, since it is most likely a misspelt one.</summary>
public sealed class ConfigFile
{
    /// <summary>Beyond any sane configuration; a wrong path (a data file) must not be read into memory.</summary>
    private const long BytesMax = 1 << 20;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly Dictionary<string, string> _values = [];

    private ConfigFile(string path) => Path = path;

    public string Path { get; }

    public static ConfigFile Read(string path, IEnumerable<Setting> known)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                throw new UsageException($"--config '{path}': larger than {BytesMax} bytes");
            return Parse(path, File.ReadAllBytes(path), known);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--config '{path}': cannot be read ({e.Message.ReplaceLineEndings(" ")})");
        }
    }

    /// <param name="path">What to call it in errors.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="known">Fields that it may have.</param>
    internal static ConfigFile Parse(string path, byte[] bytes, IEnumerable<Setting> known)
    {
        var file = new ConfigFile(path);
        if (!Utf8.IsValid(bytes))
            throw new UsageException($"--config '{path}': is not UTF-8 text");
        try
        {
            using var document = JsonDocument.Parse(bytes, Lenient);
            file.Fill(document.RootElement, [.. known.Select(setting => setting.Name)]);
        }
        catch (JsonException e)
        {
            throw new UsageException($"--config '{path}': line {e.LineNumber + 1} is not valid JSON; "
                + "give one object with the options' names as fields");
        }
        return file;
    }

    public string? Find(string name) => _values.GetValueOrDefault(name);

    private void Fill(JsonElement root, HashSet<string> known)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new UsageException($"--config '{Path}': must be one JSON object with the options' names as fields");
        foreach (var field in root.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                throw new UsageException($"--config '{Path}': '{field.Name}' is no option; allowed are "
                    + string.Join(", ", known.Order(StringComparer.Ordinal)));
            if (!_values.TryAdd(field.Name, TextOf(field)))
                throw new UsageException($"--config '{Path}': '{field.Name}' is given twice");
        }
    }

    private string TextOf(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => field.Value.GetString() ?? "",
        JsonValueKind.Number => field.Value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => string.Join(',', field.Value.EnumerateArray().Select(item => item.ToString())),
        _ => throw new UsageException(
            $"--config '{Path}': '{field.Name}' must be a string, a number, true, false or a list of strings"),
    };
}
