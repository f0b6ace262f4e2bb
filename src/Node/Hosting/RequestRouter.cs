using ShardStore.Node.Commands;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>Hands the connections' requests to the loop, or refuses them when it cannot keep up.</summary>
public sealed class RequestRouter(Mailbox mailbox) : IRequestRouter
{
    public void Submit(ClientRequest request)
    {
        if (!mailbox.TryPost(request))
            request.Fail("SHARDSTORE.OVERLOADED too many requests are waiting on this node; retry later");
    }
}
