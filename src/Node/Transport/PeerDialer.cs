using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>Keeps one peer connected: dials, runs the connection to its end, and dials again after a pause that
/// doubles with each failure in a row.</summary>
internal sealed class PeerDialer(TransportOptions options, PeerAddress address, Func<Socket, Task<bool>> converse)
{
    // Seeded by who dials whom: the pauses only have to differ between nodes.
    private readonly Random _random = new((options.Node * 7919) + address.Node);

    public async Task RunAsync(CancellationToken cancel)
    {
        var pauseMs = options.RedialMsMin;
        while (!cancel.IsCancellationRequested)
        {
            var wasConnected = await DialAsync(cancel);
            pauseMs = wasConnected ? options.RedialMsMin : Math.Min(pauseMs * 2, options.RedialMsMax);
            await Task.Delay(pauseMs - _random.Next((pauseMs / 2) + 1), cancel)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True when the peer was reached and greeted.
    private async Task<bool> DialAsync(CancellationToken cancel)
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
            // Nobody there yet: told by the state of the link, not by a line for each attempt.
            return false;
        }
        return await converse(socket);
    }
}
