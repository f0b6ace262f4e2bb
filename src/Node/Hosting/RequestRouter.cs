using ShardStore.Node.Clocks;
using ShardStore.Node.Commands;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>Hands the connections' requests to the loop, or refuses them when it cannot keep up.</summary>
public sealed class RequestRouter(Mailbox mailbox, IClock clock) : IRequestRouter
{
    public void Submit(ClientRequest request)
    {
        // Its latency counts from here: a loop that is held up is not quicker for looking late.
        request.SubmittedMicros = clock.MonotonicMicros;
        if (!mailbox.TryPost(request))
            request.Fail("SHARDSTORE.OVERLOADED too many requests are waiting on this node; retry later");
    }
}
