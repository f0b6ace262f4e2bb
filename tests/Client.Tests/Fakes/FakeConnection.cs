using System.Net.Sockets;
using System.Text;

namespace ShardStore.Client.Tests;

/// <summary>The server's end of one connection.</summary>
internal sealed class FakeConnection(Socket socket)
{
    private readonly Lock _gate = new();
    private bool _heldBack;
    private int _pongsOwed;

    /// <summary>An answer is owed until the next write: replies have the order of their commands.</summary>
    internal void HoldBack()
    {
        lock (_gate)
            _heldBack = true;
    }

    internal void Write(string resp)
    {
        socket.Send(Encoding.UTF8.GetBytes(resp));
        OnWritten();
    }

    internal void WritePong()
    {
        lock (_gate)
        {
            if (_heldBack)
                _pongsOwed++;
            else
                socket.Send("+PONG\r\n"u8);
        }
    }

    /// <summary>Each byte in a packet of its own, as far as loopback keeps them apart.</summary>
    internal void WriteBytewise(string resp)
    {
        socket.NoDelay = true;
        foreach (var b in Encoding.UTF8.GetBytes(resp))
            socket.Send([b]);
        OnWritten();
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

    private void OnWritten()
    {
        lock (_gate)
        {
            _heldBack = false;
            for (; _pongsOwed > 0; _pongsOwed--)
                socket.Send("+PONG\r\n"u8);
        }
    }
}
