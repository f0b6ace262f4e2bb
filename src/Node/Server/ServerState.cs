using System.Diagnostics;
using ShardStore.Node.Commands;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Server;

/// <summary>What all connections of a node share.</summary>
public sealed class ServerState(RespServerOptions options, IRequestRouter router, IClusterView cluster)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _commandCount;
    private long _connectionCount;
    private long _rejectedCount;
    private long _nextClientId;

    public RespServerOptions Options { get; } = options;
    public IRequestRouter Router { get; } = router;
    public IClusterView Cluster { get; } = cluster;
    public ConfigValues Config { get; } = new(options);
    internal ConnectionRegistry Connections { get; } = new();

    /// <summary>The port clients reach this node at.</summary>
    public int Port { get; internal set; }

    /// <summary>40 hexadecimal digits, new with each start.</summary>
    public string RunId { get; } =
        Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));

    public TimeSpan Uptime => Stopwatch.GetElapsedTime(_startedAt);
    public long CommandCount => Interlocked.Read(ref _commandCount);
    public long ConnectionCount => Interlocked.Read(ref _connectionCount);
    public long RejectedCount => Interlocked.Read(ref _rejectedCount);

    internal void CountCommand() => Interlocked.Increment(ref _commandCount);

    internal void CountRejected() => Interlocked.Increment(ref _rejectedCount);

    internal long TakeClientId()
    {
        Interlocked.Increment(ref _connectionCount);
        return Interlocked.Increment(ref _nextClientId);
    }

    internal void ResetCounters()
    {
        Interlocked.Exchange(ref _commandCount, 0);
        Interlocked.Exchange(ref _connectionCount, 0);
        Interlocked.Exchange(ref _rejectedCount, 0);
    }

    /// <summary>Monotonic. Unit: microseconds.</summary>
    public static long NowMicros() => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
}
