using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ShardStore.Resp;

namespace ShardStore.Node.Server;

/// <summary>The accept loop: take, number, register, go on. It never waits for a connection.</summary>
internal sealed class RespListener(ServerState server, ILogger logger) : IDisposable
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(server.Options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Ends when the listener is stopped; fails when it died, which must stop the node.</summary>
    public Task Completion => _accepting;

    /// <summary>Takes the address; who connects waits in the kernel's queue until <see cref="Accept"/>. Throws
    /// SocketException when the address cannot be bound. Sets no ReuseAddress: on Linux .NET also sets SO_REUSEPORT
    /// with it, and two nodes would share a port, each with half of the clients.</summary>
    public void Listen()
    {
        _socket.Bind(server.Options.Listen);
        _socket.Listen(server.Options.Limits.Backlog);
        server.Port = EndPoint.Port;
    }

    public void Accept() => _accepting = AcceptLoopAsync();

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptLoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Take(await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or the peer left before we took it: neither is a reason to stop listening.
                ServerLog.AcceptFailed(logger, e);
                await Task.Delay(AcceptRetryDelay, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(Socket socket)
    {
        if (server.Connections.Count >= server.Options.Limits.ConnectionsMax)
        {
            Refuse(socket);
            return;
        }
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(
            SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, server.Options.Limits.KeepAliveSeconds);
        var connection = new RespConnection(socket, server, server.TakeClientId());
        server.Connections.Add(connection);
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Listener.Serve(state.Connection),
            (Listener: this, Connection: connection), preferLocal: false);
    }

    private void Serve(RespConnection connection) =>
        connection.RunAsync().ContinueWith(
            running => End(running, connection), CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);

    private void End(Task running, RespConnection connection)
    {
        if (running.Exception is { } error)
            ServerLog.ConnectionFailed(logger, connection.Session.Id, error.GetBaseException());
        connection.Dispose();
        server.Connections.Remove(connection);
    }

    private void Refuse(Socket socket)
    {
        server.CountRejected();
        using (socket)
        {
            // Into an empty socket buffer: does not block, and a peer that is gone does not matter.
            socket.Blocking = false;
            var text = System.Text.Encoding.ASCII.GetBytes("-" + RespErrorText.MaxClients + "\r\n");
            socket.Send(text, SocketFlags.None, out _);
        }
    }
}
