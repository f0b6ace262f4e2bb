namespace ShardStore.Resp;

/// <summary>What one attempt to read a request came to.</summary>
public enum RespReadResult
{
    /// <summary>The input is used up; the reader remembers where it is.</summary>
    NeedMore,
    /// <summary>A whole request is there.</summary>
    Request,
    /// <summary>Answer with the reader's error text, then close.</summary>
    ProtocolError,
    /// <summary>Close without a word: the peer speaks HTTP (cross-protocol attack).</summary>
    CloseSilently,
}
