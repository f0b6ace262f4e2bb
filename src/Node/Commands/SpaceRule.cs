namespace ShardStore.Node.Commands;

/// <summary>Which commands a nearly full disk refuses: writes that may store more, as Redis' maxmemory does. Deletes go
/// on, they are how an operator makes room.</summary>
internal static class SpaceRule
{
    public static bool NeedsRoom(ClientRequest request) => request.IsWrite && Stores(request);

    private static bool Stores(ClientRequest request)
    {
        var spec = request.Spec;
        if (spec.Name == "shardstore.once")
            spec = CommandTable.Resolve(SessionCommands.InnerOf(request.Arguments.List)) ?? spec;
        // A transaction is not looked into: it may hold anything.
        return spec.Has(CommandFlags.DenyOutOfMemory | CommandFlags.Internal);
    }
}
