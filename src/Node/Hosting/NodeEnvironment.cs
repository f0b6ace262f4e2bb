using Microsoft.Extensions.Logging;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Hosting;

/// <summary>What a node runs in: alone in its process, or one of several.</summary>
public sealed record NodeEnvironment
{
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Set where several nodes share this process, to tell their work apart.</summary>
    public SharedProcess? Shared { get; init; }

    /// <summary>Roll-ups from before this cluster, oldest first, as a replay gives them.</summary>
    public IReadOnlyList<byte[]> History { get; init; } = [];

    /// <summary>A node that cannot go on calls this once, with the reason; by default it is said on stderr and the
    /// process ends with code 1.</summary>
    public Action<string, Exception> OnFatal { get; init; } = (reason, _) =>
    {
        // Not by the logger: it writes later, when this process is gone.
        Console.Error.WriteLine("shardstore: " + reason.ReplaceLineEndings(" "));
        Environment.Exit(1);
    };
}
