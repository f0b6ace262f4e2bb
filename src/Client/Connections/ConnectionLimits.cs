namespace ShardStore.Client.Connections;

/// <summary>Bounds of one connection, see <see cref="ClientOptions"/>.</summary>
internal sealed record ConnectionLimits(int PendingMax, int UnsentBytesMax);
