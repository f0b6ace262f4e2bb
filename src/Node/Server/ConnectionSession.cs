namespace ShardStore.Node.Server;

/// <summary>What a connection remembers between commands.</summary>
public sealed class ConnectionSession
{
}
