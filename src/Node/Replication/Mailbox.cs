using System.Collections.Concurrent;
using ShardStore.Node.Commands;
using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>A message of a peer's replica, as it came from the transport.</summary>
public readonly record struct PeerMessage(int FromNode, ulong Group, Message Message);

/// <summary>Everything that reaches a host's loop from other threads. The loop alone takes out. Requests are bounded
/// here; peer messages are bounded by the transport, work items by the few parts that post them.</summary>
public sealed class Mailbox : IDisposable
{
    /// <summary>Requests waiting for the loop; beyond it they are refused at once. Far above what a healthy loop
    /// leaves lying: a turn takes all that is there.</summary>
    public const int RequestsMax = 200_000;

    private readonly ConcurrentQueue<ClientRequest> _requests = new();
    private readonly ConcurrentQueue<PeerMessage> _messages = new();
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly SemaphoreSlim _signal = new(0);
    private int _requestCount;
    private int _signalled;

    public bool TryPost(ClientRequest request)
    {
        if (Interlocked.Increment(ref _requestCount) > RequestsMax)
        {
            Interlocked.Decrement(ref _requestCount);
            return false;
        }
        _requests.Enqueue(request);
        Wake();
        return true;
    }

    public void Post(in PeerMessage message)
    {
        _messages.Enqueue(message);
        Wake();
    }

    public void Post(Action work)
    {
        _work.Enqueue(work);
        Wake();
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out ClientRequest request)
    {
        if (!_requests.TryDequeue(out request))
            return false;
        Interlocked.Decrement(ref _requestCount);
        return true;
    }

    public bool TryTake(out PeerMessage message) => _messages.TryDequeue(out message);

    public bool TryTakeWork([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Action work) =>
        _work.TryDequeue(out work);

    /// <summary>Waits until something is posted or the time is over.</summary>
    public void Wait(int milliseconds)
    {
        _signal.Wait(milliseconds);
        Volatile.Write(ref _signalled, 0);
    }

    public void Dispose() => _signal.Dispose();

    private void Wake()
    {
        // One release is enough however many items came: the loop drains them all.
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _signal.Release();
    }
}
