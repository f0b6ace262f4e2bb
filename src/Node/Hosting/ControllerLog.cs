using Microsoft.Extensions.Logging;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Hosting;

/// <summary>The controller's and the host's log messages.</summary>
internal static partial class ControllerLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "The loop did not answer within {Seconds} s")]
    public static partial void LoopSlow(ILogger logger, double seconds);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "A move was not started: {Reason}")]
    public static partial void MoveRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "Shard {Shard}: {Role} in term {Term}")]
    public static partial void RoleChanged(ILogger logger, ulong shard, string role, ulong term);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Error, Message = "Group {Group}: {Doing} failed")]
    public static partial void BackgroundFailed(ILogger logger, ulong group, string doing, Exception failure);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Warning,
        Message = "The forecast model takes no part, the baselines forecast: {Problem}")]
    public static partial void ModelUnusable(ILogger logger, string problem);

    [LoggerMessage(EventId = 4015, Level = LogLevel.Information, Message = "{Step} of model {Number}: {Reason}")]
    public static partial void ModelMoved(ILogger logger, ModelStep step, long number, string reason);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Error, Message = "A round of the controller failed")]
    public static partial void RoundFailed(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Warning,
        Message = "A turn took {TurnMs} ms ({CpuMs} ms of CPU), {PartMs} ms of them: {Part}")]
    public static partial void TurnSlow(ILogger logger, long turnMs, long cpuMs, long partMs, string part);

    [LoggerMessage(EventId = 4009, Level = LogLevel.Warning,
        Message = "{Directory}: {Free} bytes free, less than the {Reserve} kept back: writes are refused")]
    public static partial void DiskLow(ILogger logger, string directory, long free, long reserve);

    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning,
        Message = "{Directory}: {Free} bytes free again: writes are taken")]
    public static partial void DiskHasRoom(ILogger logger, string directory, long free);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Error, Message = "{Directory}: free space unknown: {Reason}")]
    public static partial void SpaceUnknown(ILogger logger, string directory, string reason);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Error,
        Message = "The log waits for disk space, nothing is acknowledged meanwhile: {Reason}")]
    public static partial void LogWaits(ILogger logger, string reason);

    [LoggerMessage(EventId = 4013, Level = LogLevel.Error, Message = "Damage at rest: {What}")]
    public static partial void DamageFound(ILogger logger, string what);

    [LoggerMessage(EventId = 4014, Level = LogLevel.Warning, Message = "Repaired: {What}")]
    public static partial void DamageRepaired(ILogger logger, string what);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Critical, Message = "The node stops: {Reason}")]
    public static partial void Fatal(ILogger logger, string reason, Exception failure);
}
