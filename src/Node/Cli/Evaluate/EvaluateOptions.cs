namespace ShardStore.Node.Cli.Evaluate;

/// <summary>What `forecast evaluate` is asked for.</summary>
internal sealed record EvaluateOptions
{
    /// <summary>A folder with traces, or one trace.</summary>
    public required string DataPath { get; init; }

    /// <summary>Names of methods, in the order of tables.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Null: the model that was built with this program.</summary>
    public string? ModelPath { get; init; }

    /// <summary>True: no model, and what acts does without.</summary>
    public bool IsWithoutModel { get; init; }

    /// <summary>Patterns of file names without ending; empty: all files.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public int Stride { get; init; } = 1;

    public int Threads { get; init; } = 1;

    public bool AsJson { get; init; }

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Where the scores of every series go; null: nowhere.</summary>
    public string? CsvPath { get; init; }
}
