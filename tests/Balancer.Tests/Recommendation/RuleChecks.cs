namespace ShardStore.Balancer.Tests;

/// <summary>The hard rules as docs and policy state them, worked out anew from the snapshot: nothing here asks the
/// planner or its filters.</summary>
internal static class RuleChecks
{
    /// <summary>What <see cref="Broken"/> can find.</summary>
    public static readonly RejectionReason[] Known =
    [
        RejectionReason.AlreadyMoving, RejectionReason.ShardPinned, RejectionReason.TargetNotActive,
        RejectionReason.TargetHoldsReplica, RejectionReason.TargetIsNoVoter, RejectionReason.QuorumAtRisk,
        RejectionReason.ZoneSpreadLost, RejectionReason.TargetDiskFull, RejectionReason.CoolingDown,
        RejectionReason.WouldReverse, RejectionReason.SourceSettling, RejectionReason.TargetIsSource,
        RejectionReason.NodeMovesAtLimit, RejectionReason.ClusterMovesAtLimit, RejectionReason.QuietHours,
        RejectionReason.LinkTooSlow, RejectionReason.Vetoed,
    ];

    private const long MinuteMs = 60_000;

    /// <summary>The rules that a list of rows breaks.</summary>
    public static IReadOnlySet<RejectionReason> Broken(ClusterSnapshot snapshot, IReadOnlyList<Recommendation> rows)
    {
        var broken = new HashSet<RejectionReason>();
        foreach (var row in rows)
        {
            var shard = snapshot.Shards.Single(shard => shard.Id == row.Shard);
            broken.UnionWith(Placement(snapshot, shard, row));
            broken.UnionWith(Rest(snapshot, row));
            if (row.Kind == MoveKind.ReplicaMove)
                broken.UnionWith(Transfer(snapshot, shard, row));
        }
        broken.UnionWith(Together(snapshot, rows));
        return broken;
    }

    private static IEnumerable<RejectionReason> Placement(ClusterSnapshot snapshot, ShardLoad shard, Recommendation row)
    {
        if (snapshot.InFlight.Any(move => move.Shard == row.Shard))
            yield return RejectionReason.AlreadyMoving;
        if (snapshot.Policy.PinnedShards.Contains(row.Shard.Value))
            yield return RejectionReason.ShardPinned;
        if (Node(snapshot, row.To).State != NodeState.Active)
            yield return RejectionReason.TargetNotActive;
        var isReplica = row.Kind == MoveKind.ReplicaMove;
        if (isReplica && shard.Replicas.Any(replica => replica.Node == row.To))
            yield return RejectionReason.TargetHoldsReplica;
        if (!isReplica && !shard.Replicas.Contains(new ShardReplica(row.To, IsVoter: true)))
            yield return RejectionReason.TargetIsNoVoter;
    }

    /// <summary>What rows that bytes move for must keep.</summary>
    private static IEnumerable<RejectionReason> Transfer(ClusterSnapshot snapshot, ShardLoad shard, Recommendation row)
    {
        var voters = shard.Replicas.Where(replica => replica.IsVoter).Select(replica => replica.Node).ToList();
        var lost = voters.Where(node => Node(snapshot, node).State == NodeState.Down).ToList();
        var hasMajority = 2 * (voters.Count - lost.Count) > voters.Count;
        var takesLiveOne = lost.Count > 0 && Node(snapshot, row.From).State != NodeState.Down;
        if (shard.Leader.IsNone || !hasMajority || takesLiveOne)
            yield return RejectionReason.QuorumAtRisk;
        var before = shard.Replicas.Select(replica => Node(snapshot, replica.Node).Zone).Distinct().Count();
        var after = shard.Replicas.Select(replica => replica.Node == row.From ? row.To : replica.Node)
            .Select(node => Node(snapshot, node).Zone).Distinct().Count();
        if (after < before)
            yield return RejectionReason.ZoneSpreadLost;
        var limit = snapshot.Policy.Limits.BytesPerSecondMax;
        var measured = snapshot.Links.Where(link => link.From == row.From && link.To == row.To)
            .Select(link => link.BytesPerSecond).FirstOrDefault(rate => rate > 0, limit);
        var share = shard.Demand.OpsPerSecond > 0 ? shard.Demand.WritesPerSecond / shard.Demand.OpsPerSecond : 0;
        if (share * shard.Demand.BytesPerSecond >= Math.Min(limit, measured))
            yield return RejectionReason.LinkTooSlow;
        if (IsQuietNeedlessly(snapshot.Policy, row))
            yield return RejectionReason.QuietHours;
    }

    /// <summary>A drain waits for the end of the window; another move does if it can still end in time then.</summary>
    private static bool IsQuietNeedlessly(BalancingPolicy policy, Recommendation row)
    {
        if (!IsQuiet(policy, row.ExecuteAtMs))
            return false;
        if (row.Cause == MoveCause.Drain)
            return true;
        for (var later = row.ExecuteAtMs; later <= row.DeadlineMs; later += MinuteMs)
        {
            if (!IsQuiet(policy, later))
                return true;
        }
        return false;
    }

    private static bool IsQuiet(BalancingPolicy policy, long unixMs)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        var minute = (at.Hour * 60) + at.Minute;
        return policy.QuietHours.Any(window => window.StartMinute <= window.EndMinute
            ? window.StartMinute <= minute && minute < window.EndMinute
            : window.StartMinute <= minute || minute < window.EndMinute);
    }

    /// <summary>How long shards and sources rest, and what people want to stay. A drain is an order: it waits for
    /// neither.</summary>
    private static IEnumerable<RejectionReason> Rest(ClusterSnapshot snapshot, Recommendation row)
    {
        if (row.Cause == MoveCause.Drain)
            yield break;
        if (snapshot.VetoedShards.Contains(row.Shard))
            yield return RejectionReason.Vetoed;
        var limits = snapshot.Policy.Limits;
        foreach (var move in snapshot.RecentMoves)
        {
            var ageSeconds = (TestCluster.NowMs - move.EndedMs) / 1000.0;
            var rest = move.Kind == MoveKind.ReplicaMove ? limits.CooldownSeconds : limits.LeaderCooldownSeconds;
            if (move.Shard == row.Shard && ageSeconds < rest)
                yield return RejectionReason.CoolingDown;
            var isBack = move.Shard == row.Shard && move.From == row.To && move.To == row.From;
            if (isBack && ageSeconds < Math.Max(limits.CooldownSeconds, rest * limits.ReversalCooldowns))
                yield return RejectionReason.WouldReverse;
            if (move.From == row.From && ageSeconds < limits.SettleSeconds)
                yield return RejectionReason.SourceSettling;
        }
    }

    private static IEnumerable<RejectionReason> Together(ClusterSnapshot snapshot, IReadOnlyList<Recommendation> rows)
    {
        var limits = snapshot.Policy.Limits;
        if (rows.Select(row => row.Shard).Distinct().Count() < rows.Count)
            yield return RejectionReason.AlreadyMoving;
        var isAgainst = rows.Any(row => rows.Any(other => other.From == row.To && other.To == row.From));
        if (isAgainst || rows.Any(row => snapshot.InFlight.Any(move => move.From == row.To)))
            yield return RejectionReason.TargetIsSource;
        var due = rows.Where(row => row.ExecuteAtMs <= TestCluster.NowMs).ToList();
        var running = due.Select(row => (row.Kind, row.From, row.To))
            .Concat(snapshot.InFlight.Select(move => (move.Kind, move.From, move.To))).ToList();
        foreach (var (kind, max) in new[]
        {
            (MoveKind.ReplicaMove, limits.ReplicaMovesMax), (MoveKind.LeaderTransfer, limits.LeaderTransfersMax),
        })
        {
            if (due.Any(row => row.Kind == kind) && running.Count(move => move.Kind == kind) > max)
                yield return RejectionReason.ClusterMovesAtLimit;
        }
        foreach (var node in due.Where(row => row.Kind == MoveKind.ReplicaMove).SelectMany(row => Ends(row)).Distinct())
        {
            var touching = running.Count(
                move => move.Kind == MoveKind.ReplicaMove && (move.From == node || move.To == node));
            if (touching > limits.ReplicaMovesPerNodeMax)
                yield return RejectionReason.NodeMovesAtLimit;
        }
        foreach (var target in rows.Where(row => row.Kind == MoveKind.ReplicaMove).Select(row => row.To).Distinct())
        {
            if (IsTooFull(snapshot, rows, target))
                yield return RejectionReason.TargetDiskFull;
        }
    }

    private static IEnumerable<NodeId> Ends(Recommendation row) => [row.From, row.To];

    /// <summary>With what is stored, what is on its way and what the rows bring.</summary>
    private static bool IsTooFull(ClusterSnapshot snapshot, IReadOnlyList<Recommendation> rows, NodeId target)
    {
        var (node, max) = (Node(snapshot, target), snapshot.Policy.Limits.TargetFillMax);
        var incoming = snapshot.InFlight
            .Where(move => move.Kind == MoveKind.ReplicaMove && move.To == target).Select(move => move.Shard)
            .Concat(rows.Where(row => row.Kind == MoveKind.ReplicaMove && row.To == target).Select(row => row.Shard));
        var bytes = incoming.Sum(id => snapshot.Shards.Single(shard => shard.Id == id).SizeBytes);
        var capacity = node.Used.DiskBytes / node.Utilization.Disk;
        return node.Utilization.Memory > max || (node.Used.DiskBytes + bytes) / capacity > max * (1 + 1e-9);
    }

    private static NodeLoad Node(ClusterSnapshot snapshot, NodeId id) => snapshot.Nodes.Single(node => node.Id == id);
}
