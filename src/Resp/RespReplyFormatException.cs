namespace ShardStore.Resp;

/// <summary>The peer sent bytes that are not RESP. The stream cannot be trusted past this point: nobody can tell
/// where the next reply starts, so the connection has to be closed.</summary>
public sealed class RespReplyFormatException(string message) : Exception(message);
