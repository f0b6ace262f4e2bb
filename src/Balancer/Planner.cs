namespace ShardStore.Balancer;

/// <summary>The balancer's one question. Pure: the same snapshot, time and seed give the same answer, whatever the
/// order of the lists in the snapshot.</summary>
public static class Planner
{
    public static Decision Decide(ClusterSnapshot snapshot, long nowMs, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new Decision { Strategy = "none", PolicyVersion = snapshot.Policy.Version };
    }
}
