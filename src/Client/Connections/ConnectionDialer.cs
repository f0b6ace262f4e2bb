using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ShardStore.Client.Requests;
using ShardStore.Resp;

namespace ShardStore.Client.Connections;

/// <summary>Opens a connection and says what has to be said first on it.</summary>
internal sealed class ConnectionDialer(ClientOptions options)
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18; // Linux: <netinet/tcp.h>

    private int UnacknowledgedMs => (int)options.UnacknowledgedMax.TotalMilliseconds;

    private readonly ConnectionLimits _limits = new(options.PendingPerNodeMax, options.UnsentBytesMax);

    /// <exception cref="ConnectionBrokenException">It could not be opened, or not in time.</exception>
    /// <exception cref="ClientException">The node refused the log-in.</exception>
    internal async Task<NodeConnection> DialAsync(
        NodeAddress address, bool forReplicaReads, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        NodeConnection? connection = null;
        var ready = false;
        try
        {
            var stream = await OpenAsync(address, limit.Token).ConfigureAwait(false);
            connection = new NodeConnection(address, stream, _limits);
            await GreetAsync(connection, forReplicaReads, limit.Token).ConfigureAwait(false);
            ready = true;
            return connection;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var limitMs = (long)options.ConnectTimeout.TotalMilliseconds;
            throw new ConnectionBrokenException(
                $"no connection to {address} within {limitMs} ms", mayHaveRun: false, error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new ConnectionBrokenException(
                $"no connection to {address}: {error.Message}", mayHaveRun: false, error);
        }
        finally
        {
            if (!ready && connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<Stream> OpenAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var opened = false;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            // Other systems have no such option: there a machine that vanished is noticed by its silence, later.
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UnacknowledgedMs));
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null)
                stream = await SecureAsync(stream, address, cancellationToken).ConfigureAwait(false);
            opened = true;
            return stream;
        }
        finally
        {
            if (!opened)
                socket.Dispose();
        }
    }

    private async Task<Stream> SecureAsync(Stream plain, NodeAddress address, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain);
        var settings = options.Tls!;
        settings.TargetHost ??= address.Host;
        await secure.AuthenticateAsClientAsync(settings, cancellationToken).ConfigureAwait(false);
        return secure;
    }

    private async Task GreetAsync(
        NodeConnection connection, bool forReplicaReads, CancellationToken cancellationToken)
    {
        if (options.Password is not null)
        {
            ReadOnlyMemory<byte> password = Encoding.UTF8.GetBytes(options.Password);
            var login = options.User is null
                ? ClientCommand.OnNode(CommandNames.Auth, password)
                : ClientCommand.OnNode(CommandNames.Auth, Encoding.UTF8.GetBytes(options.User), password);
            await SayAsync(connection, login, cancellationToken).ConfigureAwait(false);
        }
        if (options.ClientName is not null)
        {
            var name = Encoding.UTF8.GetBytes(options.ClientName);
            var naming = ClientCommand.OnNode(CommandNames.Client, CommandNames.SetName, name);
            await SayAsync(connection, naming, cancellationToken).ConfigureAwait(false);
        }
        if (forReplicaReads)
        {
            var readOnly = ClientCommand.OnNode(CommandNames.ReadOnly);
            await SayAsync(connection, readOnly, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task SayAsync(
        NodeConnection connection, ClientCommand command, CancellationToken cancellationToken)
    {
        await connection.EnterAsync(cancellationToken).ConfigureAwait(false);
        var reply = await connection.SendAsync(command, RequestIdentity.None, false, cancellationToken)
            .ConfigureAwait(false);
        if (reply.Kind == RespReplyKind.Error)
            throw new ClientException(
                ClientErrorKind.Refused, $"{connection.Address} refused {command.NameText}: {reply.Text}", false)
            { Node = connection.Address };
    }
}
