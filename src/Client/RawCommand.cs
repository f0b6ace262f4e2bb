namespace ShardStore.Client;

/// <summary>A command that has no method of its own.</summary>
public sealed record RawCommand
{
    /// <summary>The command, for example <c>GETRANGE</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its arguments in order, subcommands included.</summary>
    public IReadOnlyList<KvBytes> Arguments { get; init; } = [];

    /// <summary>Which argument is the key that decides the node: 0 is the first. -1 for a command without a key,
    /// which goes to any node. Default 0.</summary>
    public int KeyIndex { get; init; }

    /// <summary>What may be done when its answer is lost. Default <see cref="RawCommandKind.Other"/>.</summary>
    public RawCommandKind Kind { get; init; }
}
