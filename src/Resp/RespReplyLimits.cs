namespace ShardStore.Resp;

/// <summary>Sizes refused in a reply. A reply beyond one of them is a <see cref="RespReplyFormatException"/>.</summary>
public static class RespReplyLimits
{
    /// <summary>Longest bulk string. Unit: bytes. 512 MiB, the server's own limit for a value.</summary>
    public const int BulkBytesMax = 512 * 1024 * 1024;

    /// <summary>Longest line without a length (status, error, number). Unit: bytes. 64 KiB, as for inline
    /// requests.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>Most elements of one array, map or set. Unit: elements. 16 Mi: a whole slot table is 16,384.</summary>
    public const int ElementsMax = 16 * 1024 * 1024;

    /// <summary>Deepest nesting. Unit: levels. 32: parsing recurses, so the peer must not choose the depth.</summary>
    public const int DepthMax = 32;
}
