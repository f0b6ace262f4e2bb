namespace ShardStore.Node.Transport;

/// <summary>A peer of our own cluster does not take this node for a member, and said why.</summary>
public sealed class PeerTurnedAwayException(int byNode, string reason)
    : PeerProtocolException($"it turns this node away: {reason}")
{
    public int ByNode => byNode;
    public string Reason => reason;
}
