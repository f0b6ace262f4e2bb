using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>Peers of a lower number dial this node. One that does not for a while is asked why: it may be down, but it
/// may also have been told that this node is no member any more, and then nobody else would say so.</summary>
internal sealed class PeerQuestion(
    TransportOptions options, PeerAddress address, Func<bool> isConnected, Func<Socket, Task> ask)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(options.AskMs, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancel.IsCancellationRequested && !isConnected())
                await AskAsync(cancel);
        }
    }

    private async Task AskAsync(CancellationToken cancel)
    {
        using var socket = PeerSocket.Create(options);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(options.HandshakeMs);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, deadline.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Nobody there: that is why it does not dial.
            return;
        }
        await ask(socket);
    }
}
