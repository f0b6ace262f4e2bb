namespace ShardStore.Client.Routing;

/// <summary>What an error reply asks us to do.</summary>
internal enum RedirectKind : byte
{
    /// <summary>Nothing: it is the command's own error.</summary>
    None,

    /// <summary>Go to another node, from now on.</summary>
    Moved,

    /// <summary>Go to another node, this once.</summary>
    Ask,

    /// <summary>Come back later; the command did not run.</summary>
    TryAgain,

    /// <summary>The node cannot tell whether the command ran.</summary>
    Unknown,
}
