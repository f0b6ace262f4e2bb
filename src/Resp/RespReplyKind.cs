namespace ShardStore.Resp;

/// <summary>What a reply is, over both versions of the protocol. RESP2 only ever sends the first six.</summary>
public enum RespReplyKind : byte
{
    /// <summary>Nothing yet: the value of an uninitialized reply.</summary>
    None,
    SimpleString,
    Error,
    Integer,
    BulkString,
    Null,
    Array,
    Map,
    Set,
    Push,
    Double,
    Boolean,
    BigNumber,
    Verbatim,
}
