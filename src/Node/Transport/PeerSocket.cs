using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>The socket options of connections between nodes.</summary>
internal static class PeerSocket
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18; // Linux: <netinet/tcp.h>

    public static Socket Create(TransportOptions options)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Configure(socket, options);
        return socket;
    }

    public static void Configure(Socket socket, TransportOptions options)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(options.UnacknowledgedMsMax));
    }
}
