using Microsoft.Extensions.Logging;

namespace ShardStore.Node.Admin;

/// <summary>Log messages of the admin API.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Admin API on http://{EndPoint}/")]
    public static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    public static partial void Failed(ILogger logger, string method, string path, Exception failure);
}
