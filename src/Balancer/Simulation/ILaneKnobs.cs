namespace ShardStore.Balancer.Simulation;

/// <summary>Somebody who turns the knobs of a simulated cluster's policy, as an agent does, or only watches.</summary>
internal interface ILaneKnobs
{
    /// <summary>What the next decision is made by; its mode is left aside.</summary>
    BalancingPolicy Policy { get; }

    /// <summary>What the decision of this moment is made from.</summary>
    void Observe(ClusterSnapshot seen, long nowMs);
}
