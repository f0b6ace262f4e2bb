using ShardStore.Resp;

namespace ShardStore.Node.Server;

/// <summary>What one client, or all of them, may claim of this node. Everything a connection can hold is bounded by
/// these.</summary>
public sealed record ServerLimits
{
    /// <summary>Open client connections. Default 10000 (Redis' maxclients). Range 1–1000000. Beyond: the new one is
    /// answered "max number of clients reached" and closed.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Requests of one connection that are being executed at once. Default 1024: deep enough to fill a
    /// batch of the log, small enough that 10000 connections cannot exhaust memory. Range 1–65536, a power of two.
    /// Beyond: the connection is not read until a reply has been sent, so deeper pipelines just wait.</summary>
    public int RequestsInFlightMax { get; init; } = 1024;

    /// <summary>Arguments and unsent replies that one connection may hold. Unit: bytes. Default 64 MiB. Beyond: the
    /// connection is not read until some are gone; a single larger request is still taken when it is alone.</summary>
    public long HeldBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Longest wait for a client to take a piece of its reply. Unit: seconds. Default 60 (Redis' soft limit
    /// time for slow readers). Range 1–3600. Beyond: the connection is closed.</summary>
    public int SendSecondsMax { get; init; } = 60;

    /// <summary>Unaccepted connections in the kernel's queue. Default 511 (Redis' tcp-backlog).</summary>
    public int Backlog { get; init; } = 511;

    /// <summary>Idle time before TCP probes a client. Unit: seconds. Default 300 (Redis' tcp-keepalive).</summary>
    public int KeepAliveSeconds { get; init; } = 300;

    /// <summary>Commands queued between MULTI and EXEC. Default 65536. Beyond: the transaction is aborted.</summary>
    public int QueuedCommandsMax { get; init; } = 65_536;

    /// <summary>Keys watched by one connection. Default 65536. Beyond: WATCH is refused.</summary>
    public int WatchedKeysMax { get; init; } = 65_536;

    /// <summary>Sizes within one request.</summary>
    public RespLimits Request { get; init; } = RespLimits.Default;

    /// <summary>Throws naming the limit, the value and what is allowed.</summary>
    public void Validate()
    {
        Check(ConnectionsMax, 1, 1_000_000, nameof(ConnectionsMax));
        Check(RequestsInFlightMax, 1, 65_536, nameof(RequestsInFlightMax));
        Check(SendSecondsMax, 1, 3_600, nameof(SendSecondsMax));
        Check(HeldBytesMax, 1, long.MaxValue, nameof(HeldBytesMax));
        if (!System.Numerics.BitOperations.IsPow2(RequestsInFlightMax))
            throw new ArgumentException(
                $"{nameof(RequestsInFlightMax)} is {RequestsInFlightMax}: a power of two is needed");
    }

    private static void Check(long value, long low, long high, string name)
    {
        if (value < low || value > high)
            throw new ArgumentException($"{name} is {value}: {low} to {high} is allowed");
    }
}
