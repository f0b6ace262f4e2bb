using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>All commands of this node, by name. COMMAND's replies are made from it, so it cannot claim more than
/// exists.</summary>
public static class CommandTable
{
    private const int NameBytesMax = 32;

    private static readonly Dictionary<string, CommandSpec> ByName = Build();

    private static readonly Dictionary<string, CommandSpec>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Those that clients may call, sorted by name.</summary>
    public static IReadOnlyList<CommandSpec> Listed { get; } =
        [.. ByName.Values.Where(spec => !spec.Name.Contains('|') && !spec.Has(CommandFlags.Internal))
            .OrderBy(spec => spec.Name, StringComparer.Ordinal)];

    /// <summary>The command or container of that name, whatever its case; null when there is none.</summary>
    public static CommandSpec? Find(ReadOnlySpan<byte> name)
    {
        Span<char> lower = stackalloc char[NameBytesMax];
        if (name.Length > NameBytesMax || Ascii.ToLower(name, lower, out var count) != 0)
            return null;
        return Lookup.TryGetValue(lower[..count], out var spec) ? spec : null;
    }

    /// <summary>The command to execute: for a container the subcommand that the second argument names.</summary>
    public static CommandSpec? Resolve(ArgumentList arguments)
    {
        var spec = Find(arguments[0]);
        if (spec == null || spec.Subcommands.Length == 0 || arguments.Count < 2)
            return spec;
        return FindSubcommand(spec, arguments[1]);
    }

    public static CommandSpec? FindSubcommand(CommandSpec container, ReadOnlySpan<byte> name)
    {
        foreach (var spec in container.Subcommands)
        {
            var own = spec.Name.AsSpan(container.Name.Length + 1);
            if (own.Length == name.Length && Ascii.EqualsIgnoreCase(name, own))
                return spec;
        }
        return null;
    }

    private static Dictionary<string, CommandSpec> Build()
    {
        var table = new Dictionary<string, CommandSpec>(StringComparer.Ordinal);
        CommandSpec[][] families =
        [
            StringCommands.All, RangeCommands.All, CounterCommands.All, ExpiryCommands.All, KeyspaceCommands.All,
            NodeWideCommands.All, ScanCommands.All, TransactionCommands.All, SessionCommands.All, VersionCommands.All,
            ConnectionCommands.All, ClientCommands.All,
        ];
        foreach (var spec in families.SelectMany(family => family))
            table.Add(spec.Name, spec);
        return table;
    }
}
