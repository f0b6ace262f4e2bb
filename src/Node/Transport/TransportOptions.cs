namespace ShardStore.Node.Transport;

public sealed record TransportOptions
{
    /// <summary>This node's number, as others know it. At least 1.</summary>
    public required int Node { get; init; }

    public required string Name { get; init; }

    /// <summary>Only peers that give the same one are talked to. At most 256 bytes of UTF-8.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Of the data directory; empty in tests that have none.</summary>
    public string DiskId { get; init; } = "";

    public required System.Net.IPEndPoint Listen { get; init; }

    /// <summary>Longest time from an open socket to a valid greeting; then it is closed, so that a port scanner holds
    /// nothing. Unit: ms. Default 3000. Range 100–60000.</summary>
    public int HandshakeMs { get; init; } = 3000;

    /// <summary>First pause before a peer is dialled again, doubled up to <see cref="RedialMsMax"/>, each with up to
    /// half of itself taken off at random so that a restarted node is not hit by all at once. Unit: ms. Default 50.
    /// </summary>
    public int RedialMsMin { get; init; } = 50;

    /// <summary>Longest pause between dials: how long a healed peer may stay unconnected. Unit: ms. Default 1000.
    /// </summary>
    public int RedialMsMax { get; init; } = 1000;

    /// <summary>How long a peer that has to dial this node may leave it alone before it is asked why. Unit: ms.
    /// Default 3000: a few of its redials.</summary>
    public int AskMs { get; init; } = 3000;

    /// <summary>Sent bytes that stay unacknowledged for longer end the connection: a blackholed peer is then dialled
    /// anew instead of waited for, and its leaderships are taken over. It is the machine that acknowledges, however
    /// busy the node is. Unit: ms. Default 500, half of the usual election timeout: a lost packet is survived, and two
    /// in a row cost a connection that is made anew at once, and a pre-vote.</summary>
    public int UnacknowledgedMsMax { get; init; } = 500;
}
