using System.Net;

namespace ShardStore.Node.Server;

/// <summary>How the RESP front of a node is set up.</summary>
public sealed record RespServerOptions
{
    /// <summary>Where clients connect. Port 0 takes a free one; see <see cref="RespServer.EndPoint"/>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Password of the default user; null = none needed.</summary>
    public string? Password { get; init; }

    /// <summary>How long a stop waits for requests in flight. Default 10 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    public ServerLimits Limits { get; init; } = new();

    /// <summary>Extra sections for INFO, filled by other parts of the node: name and "key:value" lines.</summary>
    public Func<IEnumerable<KeyValuePair<string, IEnumerable<string>>>>? InfoSections { get; init; }
}
