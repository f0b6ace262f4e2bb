namespace ShardStore.Resp;

/// <summary>Sizes beyond which a request is refused and its connection closed. The defaults are those of Redis
/// 7.0.15, so that a client meets the same limits here and there.</summary>
public sealed record RespLimits
{
    public static readonly RespLimits Default = new();

    /// <summary>Longest argument. Unit: bytes. Default 512 MiB (proto-max-bulk-len). Beyond: "invalid bulk
    /// length".</summary>
    public long BulkBytesMax { get; init; } = 512L * 1024 * 1024;

    /// <summary>Longest inline request, and longest line that announces a length. Unit: bytes. Default 64 KiB.
    /// </summary>
    public int LineBytesMax { get; init; } = 64 * 1024;

    /// <summary>Arguments of one request. Default 1,048,576: Redis allows INT_MAX, which no real client needs and
    /// which would let one request claim 16 GiB of bookkeeping. Beyond: "invalid multibulk length".</summary>
    public int ArgumentsMax { get; init; } = 1024 * 1024;

    /// <summary>All arguments of one request together. Unit: bytes. Default 1 GiB (client-query-buffer-limit).
    /// </summary>
    public long RequestBytesMax { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Arguments of one request before AUTH. Default 10, as in Redis.</summary>
    public int UnauthenticatedArgumentsMax { get; init; } = 10;

    /// <summary>Longest argument before AUTH. Unit: bytes. Default 16 KiB, as in Redis.</summary>
    public int UnauthenticatedBulkBytesMax { get; init; } = 16 * 1024;
}
