using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>A node whose disk is nearly full gives its leaderships to nodes that have room: there the writes go on that
/// it would refuse. Owned by the loop.</summary>
internal sealed class FullDiskRelief(NodeCore core)
{
    private const long PeriodMicros = 500_000;
    private long _nextMicros;

    /// <summary>Other nodes that are known to have a nearly full disk.</summary>
    public required Func<IReadOnlySet<int>> LowNodes { get; init; }

    public void Tick(long nowMicros)
    {
        if (nowMicros < _nextMicros)
            return;
        _nextMicros = nowMicros + PeriodMicros;
        var low = LowNodes();
        core.Host.Admission.LowNodes = low;
        if (core.Host.Space.IsLow)
            core.HandOverLeaderships(replica => !low.Contains(ReplicaHost.NodeOf(replica)));
    }
}
