using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>Exchanges greetings and then verdicts on a new socket, within a deadline.</summary>
internal static class PeerHandshake
{
    /// <summary>Throws <see cref="PeerProtocolException"/> when the other end is not whom we talk to, and
    /// <see cref="PeerTurnedAwayException"/> when we are not whom it talks to. <paramref name="judge"/> tells why a
    /// greeting is refused, or null.</summary>
    public static async Task<PeerGreeting> GreetAsync(
        Socket socket, PeerGreeting self, Func<PeerGreeting, string?> judge, TimeSpan limit, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        try
        {
            await socket.SendAsync(self.Encode(), deadline.Token);
            var greeting = PeerGreeting.Decode(await ReceiveAsync(
                socket, PeerGreeting.PrefixBytes, PeerGreeting.ReadPrefix, deadline.Token));
            var ours = judge(greeting);
            await socket.SendAsync(PeerVerdict.Encode(ours), deadline.Token);
            if (ours is not null)
            {
                await ReadToEndAsync(socket, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new PeerProtocolException(ours);
            }
            var theirs = PeerVerdict.Decode(await ReceiveAsync(
                socket, PeerVerdict.PrefixBytes, PeerVerdict.ReadPrefix, deadline.Token));
            return theirs is null ? greeting : throw new PeerTurnedAwayException(greeting.Node, theirs);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PeerProtocolException($"it did not greet within {limit.TotalMilliseconds} ms");
        }
    }

    /// <summary>Waits for the other end to have read our verdict: what lies unread when a socket is closed makes the
    /// kernel drop what was sent.</summary>
    private static async Task ReadToEndAsync(Socket socket, CancellationToken cancel)
    {
        socket.Shutdown(SocketShutdown.Send);
        var rest = new byte[256];
        while (await socket.ReceiveAsync(rest, cancel) > 0)
        {
            // Its own verdict, which changes nothing.
        }
    }

    private static async Task<byte[]> ReceiveAsync(
        Socket socket, int prefixBytes, Func<ReadOnlySpan<byte>, int> readPrefix, CancellationToken cancel)
    {
        var prefix = new byte[prefixBytes];
        await ReceiveAllAsync(socket, prefix, cancel);
        var bytes = new byte[prefixBytes + readPrefix(prefix)];
        prefix.CopyTo(bytes, 0);
        await ReceiveAllAsync(socket, bytes.AsMemory(prefixBytes), cancel);
        return bytes;
    }

    private static async Task ReceiveAllAsync(Socket socket, Memory<byte> into, CancellationToken cancel)
    {
        while (!into.IsEmpty)
        {
            var count = await socket.ReceiveAsync(into, cancel);
            if (count == 0)
                throw new PeerProtocolException("it closed the connection before it had greeted");
            into = into[count..];
        }
    }
}
