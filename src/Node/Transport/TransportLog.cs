using Microsoft.Extensions.Logging;

namespace ShardStore.Node.Transport;

internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Information, "Listening for peers on {Endpoint}")]
    public static partial void Listening(ILogger log, string endpoint);

    [LoggerMessage(101, LogLevel.Information, "Connected to node {Node} \"{Name}\" at {Endpoint}")]
    public static partial void Connected(ILogger log, int node, string name, string endpoint);

    [LoggerMessage(102, LogLevel.Warning, "Lost node {Node} \"{Name}\": {Reason}")]
    public static partial void Lost(ILogger log, int node, string name, string reason);

    [LoggerMessage(103, LogLevel.Warning, "Refused peer {Endpoint}: {Reason}")]
    public static partial void Refused(ILogger log, string endpoint, string reason);

    [LoggerMessage(105, LogLevel.Error, "Node {Node} at {Endpoint} turns this node away: {Reason}")]
    public static partial void TurnedAway(ILogger log, int node, string endpoint, string reason);

    [LoggerMessage(104, LogLevel.Error, "The connection to node {Node} failed unexpectedly")]
    public static partial void Failed(ILogger log, int node, Exception error);
}
