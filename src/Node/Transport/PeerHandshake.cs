using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>Exchanges greetings on a new socket, within a deadline.</summary>
internal static class PeerHandshake
{
    /// <summary>Throws <see cref="PeerProtocolException"/> when the other end is not whom we talk to.
    /// <paramref name="find"/> tells whom we know under a number.</summary>
    public static async Task<PeerGreeting> GreetAsync(
        Socket socket, PeerGreeting self, Func<int, PeerAddress?> find, TimeSpan limit, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        try
        {
            await socket.SendAsync(self.Encode(), deadline.Token);
            var prefix = new byte[PeerGreeting.PrefixBytes];
            await ReceiveAllAsync(socket, prefix, deadline.Token);
            var bytes = new byte[PeerGreeting.PrefixBytes + PeerGreeting.ReadPrefix(prefix)];
            prefix.CopyTo(bytes, 0);
            await ReceiveAllAsync(socket, bytes.AsMemory(PeerGreeting.PrefixBytes), deadline.Token);
            var greeting = PeerGreeting.Decode(bytes);
            return greeting.Refusal(self, find(greeting.Node)) is { } reason
                ? throw new PeerProtocolException(reason)
                : greeting;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PeerProtocolException($"it did not greet within {limit.TotalMilliseconds} ms");
        }
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
