using System.Net.Security;

namespace ShardStore.Client;

/// <summary>Everything that can be set on a client. Checked once, when it connects.</summary>
public sealed record ClientOptions
{
    /// <summary>Nodes to ask for the cluster's map, each <c>host:port</c>. One that answers is enough; give several,
    /// so that a start does not depend on one node.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>Longest time for a call, retries included, unless the call brings its own. Default 5 s: longer than
    /// an election (well under 1 s) and a held request (1 s) together. Range 1 ms to 1 h.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time to open one connection, log-in included. Default 2 s, so that a dead seed leaves time
    /// to ask the next. Range 1 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time that the other machine may leave bytes unacknowledged before the connection counts as
    /// lost. It is the machine that acknowledges, however busy the node is. Linux only. Default 500 ms: a lost packet
    /// is survived, and a machine that vanished is noticed while the others elect. More where a round trip takes over
    /// 100 ms. Range 100 ms to 1 min.</summary>
    public TimeSpan UnacknowledgedMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most tries for a call, the first included; a redirect is a try. Default 16, as other cluster clients
    /// allow. Range 1 to 1000.</summary>
    public int AttemptsMax { get; init; } = 16;

    /// <summary>First pause before a retry; it doubles with each, up to <see cref="BackoffMax"/>, and a random half
    /// of it is left out. Default 10 ms. Redirects do not wait.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest pause before a retry. Default 500 ms.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most commands in flight on one connection; a call beyond it waits for room, within its deadline.
    /// Default 8192. Range 1 to 1,000,000.</summary>
    public int PendingPerNodeMax { get; init; } = 8192;

    /// <summary>Most bytes waiting to be sent on one connection. A call beyond it fails with
    /// <see cref="ClientErrorKind.Overloaded"/>. Default 64 MiB, and one command of any size always fits.</summary>
    public int UnsentBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most writes under way at once, over all nodes; more wait. Each holds a lane (see the exactly-once
    /// notes of <see cref="ShardStoreClient"/>), and the server keeps a record per lane and shard. Default 1024.
    /// Range 1 to 65,536.</summary>
    public int LanesMax { get; init; } = 1024;

    /// <summary>Shortest time between two readings of the whole map; redirects patch it at once anyway. Default
    /// 100 ms: while calls wait for a failover the map is read again and again, from one node after the other, and what
    /// is left of this time when the new leader is there makes the outage longer.</summary>
    public TimeSpan MapRefreshMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>True: reads follow the read weights that the cluster publishes with its map while it shifts a shard.
    /// Default true. Reads stay linearizable on ShardStore; plain Redis publishes no weights.</summary>
    public bool FollowReadWeights { get; init; } = true;

    /// <summary>User name for AUTH; null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>Password for AUTH; null to send no AUTH.</summary>
    public string? Password { get; init; }

    /// <summary>Name shown in the server's CLIENT LIST; null for none. No spaces.</summary>
    public string? ClientName { get; init; }

    /// <summary>TLS settings; null for plain TCP. The target host is filled in when it is not set.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    internal void Validate()
    {
        if (Endpoints is null || Endpoints.Count == 0)
            throw new ArgumentException("Endpoints is empty; at least one host:port is needed");
        foreach (var endpoint in Endpoints)
            NodeAddress.Parse(endpoint);
        Check(nameof(Deadline), Deadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Check(nameof(UnacknowledgedMax), UnacknowledgedMax, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Check(nameof(AttemptsMax), AttemptsMax, 1, 1000);
        Check(nameof(BackoffMin), BackoffMin, TimeSpan.FromMilliseconds(1), BackoffMax);
        Check(nameof(BackoffMax), BackoffMax, BackoffMin, TimeSpan.FromMinutes(1));
        Check(nameof(PendingPerNodeMax), PendingPerNodeMax, 1, 1_000_000);
        Check(nameof(UnsentBytesMax), UnsentBytesMax, 1, int.MaxValue);
        Check(nameof(LanesMax), LanesMax, 1, 65_536);
        Check(nameof(MapRefreshMin), MapRefreshMin, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static void Check<T>(string name, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {value} is not in {min} to {max}");
    }
}
