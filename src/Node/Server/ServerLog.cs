using Microsoft.Extensions.Logging;

namespace ShardStore.Node.Server;

/// <summary>What the RESP front logs.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Warning, "Could not accept a client connection.")]
    public static partial void AcceptFailed(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Error, "Client connection {Id} ended by an error of ours.")]
    public static partial void ConnectionFailed(ILogger logger, long id, Exception error);
}
