namespace ShardStore.Node.Commands;

/// <summary>Where a request for one shard goes after the connection has checked it. The router redirects, holds or
/// executes it.</summary>
public interface IRequestRouter
{
    /// <summary>Takes the request over. Later, on any thread, exactly one of <see cref="ClientRequest.Complete"/>
    /// and <see cref="ClientRequest.Fail"/> is called on it, once; afterwards it belongs to its connection again.
    /// Requests of one connection to one shard take effect in the order they were submitted: a read sees the writes
    /// submitted before it.</summary>
    void Submit(ClientRequest request);
}
