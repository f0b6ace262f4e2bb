namespace ShardStore.Node.Cli.Settings;

/// <summary>One row of the table of settings, as people read it.</summary>
public abstract record Setting(string Name, string Unit, string Allowed, string Help)
{
    /// <summary>Environment variable: SHARDSTORE_ and the name in capitals.</summary>
    public string Variable => "SHARDSTORE_" + Name.Replace('-', '_').ToUpperInvariant();

    public abstract string DefaultText { get; }

    /// <summary>True for a setting that stands for "true" when it is given without a value.</summary>
    public bool IsFlag { get; init; }
}

/// <summary>One row with its type. <paramref name="Parse"/> gives null for what is not allowed.</summary>
public sealed record Setting<T>(
    string Name, string Unit, string Allowed, string Help, Func<string, Parsed<T>?> Parse)
    : Setting(Name, Unit, Allowed, Help)
{
    /// <summary>Null: the setting must be given, unless <see cref="DefaultWords"/> says what happens without.</summary>
    public Parsed<T>? Default { get; init; }

    /// <summary>For a default that depends on the machine or on other settings.</summary>
    public string? DefaultWords { get; init; }

    public override string DefaultText => DefaultWords ?? Default?.Value?.ToString() ?? "none: must be given";
}

/// <summary>A parsed value; a class, so that null can say "not allowed" for every type.</summary>
public sealed record Parsed<T>(T Value);
