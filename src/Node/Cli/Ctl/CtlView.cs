using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>One thing to look at: where it is fetched and how it is drawn.</summary>
internal sealed record CtlView(string Name, string Help, string Path, Action<AdminClient, string, IAnsiConsole> Draw)
{
    /// <summary>Exit code from what was fetched; null: always 0.</summary>
    public Func<AdminClient, string, int>? Judge { get; init; }
}
