using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>Bytes out, bytes in, for what no client would send.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly TcpClient _tcp = new() { NoDelay = true };

    public static RawConnection To(int port)
    {
        var connection = new RawConnection();
        connection._tcp.Connect(IPAddress.Loopback, port);
        return connection;
    }

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    public void Send(string text) => Send(Latin1(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _tcp.GetStream().Write(bytes);
        }
        catch (IOException)
        {
            // The node may close as soon as it has seen enough; what it answered is asked for next.
            Assert.True(_tcp.Client.Poll(Deadline, SelectMode.SelectRead), "neither taken nor closed");
        }
    }

    /// <summary>What comes until there is as much as given.</summary>
    public async Task<string> ReceiveAsync(int bytes)
    {
        var buffer = new byte[bytes];
        using var deadline = new CancellationTokenSource(Deadline);
        await _tcp.GetStream().ReadExactlyAsync(buffer, deadline.Token);
        return Encoding.Latin1.GetString(buffer);
    }

    /// <summary>What comes until the node closes, which it must.</summary>
    public async Task<string> ReceiveUntilClosedAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (await _tcp.GetStream().ReadAsync(buffer, deadline.Token) is var count and > 0)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            // Closed with our bytes unread is a reset, which is as closed as can be.
            return text.ToString();
        }
        return text.ToString();
    }

    public void Dispose() => _tcp.Dispose();
}
