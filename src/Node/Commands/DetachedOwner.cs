namespace ShardStore.Node.Commands;

/// <summary>Owner of requests that are complete when their handler returns.</summary>
internal sealed class DetachedOwner : IRequestOwner
{
    public static readonly DetachedOwner Instance = new();

    public bool IsGone => false;

    public void OnCompleted(ClientRequest request, int replyBytes)
    {
        // Whoever ran the handler reads the reply next; nobody else waits.
    }
}
