using System.Net.Sockets;
using System.Text;

namespace ShardStore.Client.Tests;

/// <summary>The server's end of one connection.</summary>
internal sealed class FakeConnection(Socket socket)
{
    internal void Write(string resp) => socket.Send(Encoding.UTF8.GetBytes(resp));

    /// <summary>Each byte in a packet of its own, as far as loopback keeps them apart.</summary>
    internal void WriteBytewise(string resp)
    {
        socket.NoDelay = true;
        foreach (var b in Encoding.UTF8.GetBytes(resp))
            socket.Send([b]);
    }

    internal void Close() => socket.Dispose();

    /// <summary>0 when the connection is over, however it ended.</summary>
    internal async Task<int> ReceiveAsync(Memory<byte> into)
    {
        try
        {
            return await socket.ReceiveAsync(into);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
