using System.Collections.Concurrent;
using ShardStore.Node.Commands;

namespace ShardStore.Node.Tests.Server;

/// <summary>Keeps requests until the test completes them, in any order.</summary>
internal sealed class HoldingRouter : IRequestRouter
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<ClientRequest> _held = [];

    public void Submit(ClientRequest request) => _held.Add(request);

    public ClientRequest Take()
    {
        Assert.True(_held.TryTake(out var request, Deadline), "no request was submitted");
        return request!;
    }

    public static void Echo(ClientRequest request)
    {
        request.Reply.WriteBulk(request.Arguments[1]);
        request.Complete();
    }
}
