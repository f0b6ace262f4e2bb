using ShardStore.Balancer;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>The steps of one migration. Each tick asks or proposes at most one thing and waits for its answer; what
/// to do next follows from the stage on record and from what the shard's leader reports.</summary>
public sealed class MigrationDriver(
    ReplicaHost host, MetaGroup meta, ControlPlane control, MigrationPace pace, long id)
{
    private bool _waiting;
    private long _nextLookMicros;
    private long _progressMicros = host.NowMicros;
    private (MigrationStage Stage, ulong Match, long Bytes) _progress;
    private (ulong Index, ulong Hash)? _marker;
    private long _markerMicros;
    private long _targetSeenMicros = host.NowMicros;
    private long _retiringMicros;
    private bool _sourceHasLeft;
    private bool _hashesMatch;
    private int _readStep;
    private long _readStepMicros;
    private long _bytes;

    /// <summary>The destination's request p99, for the latency gate; 0 = not known.</summary>
    public Func<int, double> LatencyMsP99 { get; set; } = _ => 0;

    private MigrationRecord Migration => meta.State.Migrations[id];

    private int LeaderNode => meta.State.Shards[Migration.Shard].LeaderNode;

    public void Tick(long nowMicros)
    {
        if (_waiting || nowMicros < _nextLookMicros)
            return;
        _nextLookMicros = nowMicros + (pace.PollMs * 1000L);
        if (WhyGiveUp(nowMicros) is { } reason)
        {
            GiveUp(reason);
            return;
        }
        if (Migration.Stage == MigrationStage.Planned)
            Advance(Migration.Kind == MoveKind.LeaderTransfer ? MigrationStage.SwitchingOver : MigrationStage.Seeding);
        else if (Migration.Stage == MigrationStage.Retiring)
            CheckRetired();
        else
            Ask(LeaderNode, Request(ControlKind.ShardStatus), OnStatus);
    }

    private ControlRequest Request(ControlKind kind) => new() { Id = 0, Kind = kind, Shard = Migration.Shard };

    private void OnStatus(ControlReply reply)
    {
        if (reply.Status is not { } status)
            return;
        var to = Migration.ToReplica;
        var peer = status.Peers.FirstOrDefault(progress => progress.Replica == to);
        NoticeProgress(status, peer);
        _sourceHasLeft = status.Voters.Contains(to) && !status.Voters.Contains(Migration.FromReplica)
            && status.Outgoing.IsEmpty;
        switch (Migration.Stage)
        {
            case MigrationStage.Seeding when status.Learners.Contains(to) || status.Voters.Contains(to):
                if (peer is { Replicating: true, Match: > 0 })
                    Advance(MigrationStage.CatchingUp);
                break;
            case MigrationStage.Seeding:
                Change(new ControlRequest { Id = 0, Kind = ControlKind.ChangeMembers, AddLearner = to });
                break;
            case MigrationStage.CatchingUp:
                if (peer is { Replicating: true } && peer.Match + pace.LagEntriesMax >= status.Last)
                    Advance(MigrationStage.ShiftingReads);
                break;
            case MigrationStage.ShiftingReads:
                ShiftReads();
                break;
            case MigrationStage.SwitchingOver:
                SwitchOver(status);
                break;
            case MigrationStage.RollingBack:
                RollBack(status);
                break;
        }
    }

    private void ShiftReads()
    {
        var now = host.NowMicros;
        if (now - _readStepMicros < pace.ReadStepMs * 1000L)
            return;
        if (_readStep > 0 && LatencyMsP99(Migration.To) > pace.LatencyGateMsP99)
        {
            // The destination suffers: give the reads back and let it recover before trying again.
            _readStep = 0;
            SetReads(0);
        }
        else if (_readStep < pace.ReadPercents.Count)
        {
            SetReads(pace.ReadPercents[_readStep++]);
        }
        else
        {
            Advance(MigrationStage.SwitchingOver);
        }
        _readStepMicros = now;
    }

    private void SetReads(int percent)
    {
        _waiting = true;
        meta.Propose(new SetReadPercent(id, percent), _ => _waiting = false);
    }

    private void SwitchOver(ShardStatus status)
    {
        var migration = Migration;
        if (migration.Kind == MoveKind.LeaderTransfer)
        {
            if (status.Leader == migration.ToReplica)
                Advance(MigrationStage.Done);
            else
                Transfer(migration.ToReplica);
            return;
        }
        var toVotes = status.Voters.Contains(migration.ToReplica);
        var fromVotes = status.Voters.Contains(migration.FromReplica);
        if (status.Outgoing.Length > 0)
            return;
        if (!_hashesMatch && fromVotes)
            CompareHashes();
        else if (status.Leader == migration.FromReplica)
            LeaveSource(toVotes);
        else if (!toVotes)
            Change(Swap(migration.ToReplica, migration.FromReplica));
        else if (fromVotes)
            Change(Swap(0, migration.FromReplica));
        else
            Advance(MigrationStage.Retiring);
    }

    /// <summary>The source leads: the destination first votes, then leads; the source leaves afterwards, so that
    /// clients are redirected once.</summary>
    private void LeaveSource(bool toVotes)
    {
        if (toVotes)
            Transfer(Migration.ToReplica);
        else
            Change(Swap(Migration.ToReplica, 0));
    }

    private static ControlRequest Swap(ulong add, ulong remove) =>
        new() { Id = 0, Kind = ControlKind.ChangeMembers, AddVoter = add, Remove = remove };

    private void CompareHashes()
    {
        if (_marker is not { } marker)
        {
            Ask(LeaderNode, Request(ControlKind.MarkHash), OnMarked);
            return;
        }
        var ask = new ControlRequest
        {
            Id = 0,
            Kind = ControlKind.HashAt,
            Shard = Migration.Shard,
            Index = marker.Index,
        };
        Ask(Migration.To, ask, reply => OnHash(marker, reply));
    }

    private void OnMarked(ControlReply reply)
    {
        _marker = reply.Ok ? (reply.Index, reply.Hash) : null;
        _markerMicros = host.NowMicros;
    }

    private void OnHash((ulong Index, ulong Hash) marker, ControlReply reply)
    {
        if (!reply.Ok)
        {
            // A destination that was restarted, or took a checkpoint from beyond the marker, never knew it.
            if (host.NowMicros - _markerMicros > pace.MarkerMs * 1000L)
                _marker = null;
            return;
        }
        if (reply.Hash == marker.Hash)
        {
            _hashesMatch = true;
            return;
        }
        Advance(MigrationStage.RollingBack, $"content hash differs at index {marker.Index}: source {marker.Hash:x}, "
            + $"destination {reply.Hash:x}");
    }

    /// <summary>Back to the replicas of before. The source may have left the group already when this begins; then it
    /// comes back first, for two of three would be one failure away from none.</summary>
    private void RollBack(ShardStatus status)
    {
        var (from, to) = (Migration.FromReplica, Migration.ToReplica);
        if (!status.Outgoing.IsEmpty)
            return;
        if (!status.Voters.Contains(from))
            Change(Swap(from, 0));
        else if (status.Leader == to)
            Transfer(from);
        else if (status.Learners.Contains(to) || status.Voters.Contains(to))
            Change(Swap(0, to));
        else
            Advance(MigrationStage.Failed);
    }

    private void CheckRetired()
    {
        if (_retiringMicros == 0)
            _retiringMicros = host.NowMicros;
        var ask = new ControlRequest
        {
            Id = 0,
            Kind = ControlKind.HasReplica,
            Shard = Migration.Shard,
            Replica = Migration.FromReplica,
        };
        Ask(Migration.From, ask, OnRetired);
    }

    private void OnRetired(ControlReply reply)
    {
        // Not held, and not merely unreachable: those answers carry a text.
        if (!reply.Ok && reply.Error.Length == 0)
            Advance(MigrationStage.Done);
        else if (!reply.Ok && host.NowMicros - _retiringMicros > SecondsForSource() * 1_000_000L)
            Advance(MigrationStage.Done, $"node {Migration.From} deletes its copy when it is back: {reply.Error}");
    }

    private int SecondsForSource() =>
        Migration.From == host.Options.Node || host.Transport.Link(Migration.From) is { Connected: true }
            ? pace.RetiringSecondsMax
            : pace.SourceAwaySecondsMax;

    private void Transfer(ulong replica)
    {
        var request = new ControlRequest
        {
            Id = 0,
            Kind = ControlKind.TransferLeader,
            Shard = Migration.Shard,
            Replica = replica,
        };
        Ask(LeaderNode, request, _ => { });
    }

    private void Change(ControlRequest change) => Ask(LeaderNode, change with { Shard = Migration.Shard }, _ => { });

    private void Ask(int node, ControlRequest request, Action<ControlReply> then)
    {
        if (node == 0)
            return;
        _waiting = true;
        control.Ask(node, request, reply =>
        {
            _waiting = false;
            if (meta.IsLeader && meta.State.Migrations.TryGetValue(id, out var migration) && !migration.IsOver)
                then(reply);
        });
    }

    private void Advance(MigrationStage next, string error = "")
    {
        _waiting = true;
        var command = new AdvanceMigration(id, Migration.Stage, next, _bytes, _marker?.Hash ?? 0, error);
        meta.Propose(command, _ => _waiting = false);
    }

    private void NoticeProgress(ShardStatus status, PeerStatus? peer)
    {
        _bytes = Math.Max(_bytes, Math.Max(status.SnapshotTotalBytes, 0));
        var progress = (Migration.Stage, peer?.Match ?? 0, status.SnapshotBytes);
        if (progress == _progress && Migration.Stage != MigrationStage.ShiftingReads)
            return;
        _progress = progress;
        _progressMicros = host.NowMicros;
    }

    /// <summary>Why the move should end unfinished, or null. Never once the source has left the group: from there the
    /// way on is the only way.</summary>
    private string? WhyGiveUp(long nowMicros)
    {
        if (Migration.Stage is MigrationStage.RollingBack or MigrationStage.Retiring || _sourceHasLeft)
            return null;
        if (Migration.To == host.Options.Node || host.Transport.Link(Migration.To) is { Connected: true })
            _targetSeenMicros = nowMicros;
        else if (nowMicros - _targetSeenMicros > pace.TargetDownSecondsMax * 1_000_000L)
            return $"node {Migration.To} has been away for {pace.TargetDownSecondsMax} s";
        return nowMicros - _progressMicros > pace.StageSecondsMax * 1_000_000L
            ? $"no progress in {Migration.Stage} for {pace.StageSecondsMax} s"
            : null;
    }

    private void GiveUp(string error)
    {
        _progressMicros = _targetSeenMicros = host.NowMicros;
        var nothingToUndo = Migration.Stage == MigrationStage.Planned || Migration.Kind == MoveKind.LeaderTransfer;
        Advance(nothingToUndo ? MigrationStage.Failed : MigrationStage.RollingBack, error);
    }
}
