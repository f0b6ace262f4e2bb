namespace ShardStore.Balancer.Simulation;

public enum ClusterEventKind : byte
{
    /// <summary>The node is gone at once, with all it was sending and receiving.</summary>
    Fail = 1,
    /// <summary>It is back with its replicas, as a follower of all.</summary>
    Return = 2,
    /// <summary>An operator wants it empty, whether it is up or down.</summary>
    Drain = 3,
}

/// <summary>Something that happens to a node.</summary>
/// <param name="Step">At the start of this step of the demand.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Node">Index from 0.</param>
public readonly record struct ClusterEvent(int Step, ClusterEventKind Kind, int Node);
