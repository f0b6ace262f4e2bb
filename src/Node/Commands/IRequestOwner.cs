namespace ShardStore.Node.Commands;

/// <summary>Who made a request and waits for it.</summary>
public interface IRequestOwner
{
    /// <summary>The reply is complete. Called on the thread that completed it: must be short and never block. A
    /// connection may already have reused the request by then, so its size is passed along.</summary>
    void OnCompleted(ClientRequest request, int replyBytes);

    /// <summary>True once nobody waits any more; a request not yet executed may then be failed unseen.</summary>
    bool IsGone { get; }
}
