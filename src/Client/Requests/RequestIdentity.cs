namespace ShardStore.Client.Requests;

/// <summary>What makes a retried write recognizable: the server applies each (client, lane, request) once and
/// answers a repetition with the first reply.</summary>
internal readonly record struct RequestIdentity(ulong ClientId, ushort Lane, ulong Request)
{
    /// <summary>No identity: the server does not know the wrapper, or the command is a read.</summary>
    internal static RequestIdentity None => default;

    internal bool IsNone => Request == 0;
}
