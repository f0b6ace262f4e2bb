using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Hosting;

/// <summary>A node whose disk is nearly full, or hangs, gives its leaderships to nodes that can write. A leader with a
/// disk that hangs would keep its followers by its heartbeats, and every write waiting. Owned by the loop.</summary>
internal sealed class DiskRelief(NodeCore core)
{
    /// <summary>A commit that takes longer is a disk that hangs. Far above what a busy disk takes.</summary>
    private const long StallMicros = 1_500_000;
    private const long PeriodMicros = 250_000;
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
        var isStalled = core.Host.Pump.BusyMicros(nowMicros) > StallMicros;
        if (isStalled)
            ReleaseCallers();
        if (isStalled || core.Host.Space.IsLow)
            core.HandOverLeaderships(replica => !low.Contains(ReplicaHost.NodeOf(replica)));
    }

    /// <summary>What became of proposals is seen here only when they are applied, which waits for the disk: whoever
    /// asked at a leader that is none any more should ask the new one.</summary>
    private void ReleaseCallers()
    {
        foreach (var group in core.Host.Groups.Where(group => group.Raft.Role != RaftRole.Leader))
            group.Proposals.AbandonAll();
    }
}
