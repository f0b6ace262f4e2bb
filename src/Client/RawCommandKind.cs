namespace ShardStore.Client;

/// <summary>What a raw command does, and so what may be done when its answer is lost.</summary>
public enum RawCommandKind
{
    /// <summary>Not said: it is never sent twice unless it surely did not arrive.</summary>
    Other,

    /// <summary>It only reads: it is sent again until it is answered.</summary>
    Read,

    /// <summary>It writes keys of one shard: it is sent again under an identity, so that it applies once, where the
    /// servers support that.</summary>
    Write,
}
