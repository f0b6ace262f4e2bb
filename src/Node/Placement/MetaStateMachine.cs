using System.Security.Cryptography;
using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Node.Replication;
using ShardStore.Node.Routing;
using ShardStore.Node.Telemetry;
using ShardStore.Storage;

namespace ShardStore.Node.Placement;

/// <summary>The machine behind group 0: applies commands to the cluster's state. Deterministic; refuses what is no
/// longer true instead of doing half of it.</summary>
public sealed class MetaStateMachine : IGroupMachine
{
    private const ulong FirstFreeIncarnation = 2;
    private ulong _index;
    private long _nowMs;

    public MetaStateMachine(IKeyValueStore store, long clockMs)
    {
        Store = store;
        ClockMs = clockMs;
        State = MetaState.Load(store);
        Map = State.ToShardMap();
    }

    public IKeyValueStore Store { get; private set; }
    public long ClockMs { get; private set; }
    public MetaState State { get; private set; }
    public ShardMap Map { get; private set; }

    /// <summary>On the loop, after each applied command, with the command; null when a snapshot replaced all.
    /// </summary>
    public event Action<MetaCommand?>? Changed;

    public void Apply(ulong index, ReadOnlySpan<byte> payload, IProposal? waiting)
    {
        var envelope = JsonSerializer.Deserialize(payload, MetaJson.Default.MetaEnvelope)!;
        _index = index;
        _nowMs = ClockMs = Math.Max(ClockMs, envelope.AtMs);
        var result = ApplyCommand(envelope.Command);
        if (result.Ok)
        {
            if (ChangesMap(envelope.Command))
            {
                Set(State.Cluster! with { Epoch = State.Cluster!.Epoch + 1 });
                Map = State.ToShardMap();
            }
            Changed?.Invoke(envelope.Command);
        }
        (waiting as MetaProposal)?.OnApplied(result);
    }

    /// <summary>All batches of load history, oldest first. They are read from the store one by one.</summary>
    public IEnumerable<byte[]> ReadHistory() => State.ReadHistory(Store);

    public IGroupMachine Beside(IKeyValueStore store, long clockMs) => new MetaStateMachine(store, clockMs);

    public void OnStoreReplaced(IKeyValueStore store, long clockMs)
    {
        Store = store;
        ClockMs = clockMs;
        State = MetaState.Load(store);
        Map = State.ToShardMap();
        Changed?.Invoke(null);
    }

    private static bool ChangesMap(MetaCommand command) =>
        command is not (AppendHistory or RecordEvent or SetPolicy or LoadModel or MoveModel or NoteProposals
            or ApproveRecommendation or KeepApproval or EndApproval or VetoRecommendation or JudgeRecommendation);

    private MetaResult ApplyCommand(MetaCommand command)
    {
        if (command is FoundCluster found)
            return Found(found);
        if (State.Cluster is null)
            return MetaResult.Refused("the cluster is not founded yet");
        return command switch
        {
            ReportLeaders reported => Report(reported),
            StartMigration start => Start(start),
            AdvanceMigration advance => Advance(advance),
            SetReadPercent reads => SetReads(reads),
            SetPolicy policy => Set(policy),
            SetDraining drain => Drain(drain),
            AppendHistory history => Append(history),
            RecordEvent entry => Record(entry.Kind, entry.Text),
            ReportNode report => Report(report),
            AdmitNode admit => Admit(admit.Node, admit.Nonce),
            RemoveNode remove => Remove(remove.Node),
            LoadModel load => Load(load),
            MoveModel move => Move(move),
            NoteProposals proposals => Note(proposals),
            ApproveRecommendation approve => Approve(approve),
            KeepApproval keep => Keep(keep),
            EndApproval end => End(end),
            VetoRecommendation veto => Veto(veto),
            JudgeRecommendation judge => Judge(judge),
            _ => MetaResult.Refused($"unknown command {command.GetType().Name}"),
        };
    }

    private MetaResult Found(FoundCluster found)
    {
        if (State.Cluster is not null)
            return MetaResult.Refused("the cluster is founded already");
        Set(new ClusterRecord(found.ClusterId, _nowMs, 1, FirstFreeIncarnation, 1, 1)
        {
            FoundingNodes = found.NodeCount,
        });
        var nodes = Enumerable.Range(1, found.NodeCount).ToArray();
        foreach (var shard in ClusterFounding.Shards(found.Shards, found.Replicas, nodes))
            State.Set(Store, _index, shard);
        return Record("founded", $"cluster {found.ClusterId}: {found.NodeCount} nodes, {found.Shards} shards");
    }

    private MetaResult Report(ReportLeaders reported)
    {
        foreach (var report in reported.Leaders)
        {
            if (State.Shards.TryGetValue(report.Shard, out var shard) && report.Term > shard.LeaderTerm)
                State.Set(Store, _index, shard with { LeaderNode = report.Node, LeaderTerm = report.Term });
        }
        return MetaResult.Success;
    }

    private MetaResult Report(ReportNode report)
    {
        if (State.Removed.ContainsKey(report.Node.Number))
            return MetaResult.Refused($"node {report.Node.Number} ({report.Node.Name}) was removed from this cluster");
        var known = State.Nodes.GetValueOrDefault(report.Node.Number);
        if (known is { DiskId.Length: > 0 } && known.DiskId != report.Node.DiskId)
        {
            return MetaResult.Refused($"node {known.Number} ({known.Name}) has disk {known.DiskId} on record, reported "
                + $"is {report.Node.DiskId}");
        }
        // What the node does not know itself stays.
        State.Set(Store, _index, report.Node with
        {
            Draining = known?.Draining ?? false,
            EntryNonce = known?.EntryNonce ?? "",
        });
        return MetaResult.Success;
    }

    private MetaResult Admit(NodeRecord asks, string nonce)
    {
        if (State.Nodes.Values.FirstOrDefault(node => node.Name == asks.Name) is { } known)
        {
            return known.EntryNonce == nonce
                ? new MetaResult(true, "", known.Number)
                : MetaResult.Refused($"{asks.Name} is a member already; start it with its data, or give another --id. "
                    + $"If its data is lost: enter under another --id, then ctl drain {asks.Name} and ctl remove "
                    + asks.Name);
        }
        var number = State.NextNode;
        var hexId = ClusterFounding.HexIdOf(State.Cluster!.ClusterId, asks.Name, number);
        State.Set(Store, _index, asks with
        {
            Number = number,
            HexId = hexId,
            Draining = false,
            EntryNonce = nonce,
        });
        Record("node", $"{asks.Name} entered as node {number}");
        return new MetaResult(true, "", number);
    }

    private MetaResult Remove(int number)
    {
        if (!State.Nodes.TryGetValue(number, out var node))
            return MetaResult.Refused($"node {number} does not exist");
        var held = State.Shards.Values.Count(shard => shard.Replicas.Any(replica => replica.Node == number));
        if (held > 0)
        {
            return MetaResult.Refused(
                $"{node.Name} holds copies of {held} shards; drain it first: ctl drain {node.Name}");
        }
        if (State.Nodes.Count == 1)
            return MetaResult.Refused($"{node.Name} is the last member");
        State.Remove(Store, _index, node);
        return Record("node", $"{node.Name} (node {number}) was removed");
    }

    private MetaResult Start(StartMigration start)
    {
        if ((MigrationRules.Refuse(State, start) ?? RecommendationRules.Refuse(State, start, _nowMs)) is { } reason)
            return MetaResult.Refused(reason);
        long? recommendation = start.Recommended is null ? null : Begin(start);
        var shard = State.Shards[start.Shard];
        var cluster = State.Cluster!;
        var source = shard.Replicas.First(replica => replica.Node == start.From);
        var target = start.Kind == MoveKind.LeaderTransfer
            ? shard.Replicas.First(replica => replica.Node == start.To).ReplicaId
            : ClusterFounding.ReplicaIdOf(cluster.NextReplica, start.To).Value;
        State.Set(Store, _index, new MigrationRecord
        {
            Id = cluster.NextMigration,
            Kind = start.Kind,
            Shard = start.Shard,
            From = start.From,
            To = start.To,
            FromReplica = source.ReplicaId,
            ToReplica = target,
            Stage = MigrationStage.Planned,
            StartedMs = _nowMs,
            StageSinceMs = _nowMs,
            Reason = start.Reason,
            Urgency = start.Urgency,
            PolicyVersion = start.PolicyVersion,
            Recommendation = recommendation,
        });
        if (start.Kind == MoveKind.ReplicaMove)
        {
            var learner = new ReplicaRecord(target, start.To, IsVoter: false, ReadWeight: 0);
            State.Set(Store, _index, shard with { Replicas = shard.Replicas.Add(learner) });
        }
        Set(cluster with { NextReplica = cluster.NextReplica + 1, NextMigration = cluster.NextMigration + 1 });
        Record("migration", $"#{cluster.NextMigration} {start.Kind} of shard {start.Shard} from node {start.From} to "
            + $"node {start.To}: {start.Reason}");
        return new MetaResult(true, "", cluster.NextMigration);
    }

    private MetaResult Advance(AdvanceMigration advance)
    {
        if (!State.Migrations.TryGetValue(advance.Id, out var migration))
            return MetaResult.Refused($"migration {advance.Id} does not exist");
        if (migration.Stage != advance.Expected)
            return MetaResult.Refused($"migration {advance.Id} is {migration.Stage}, not {advance.Expected}");
        if (!MigrationRules.IsLegal(migration.Kind, migration.Stage, advance.Next))
            return MetaResult.Refused($"migration {advance.Id} cannot go from {migration.Stage} to {advance.Next}");
        var next = migration with
        {
            Stage = advance.Next,
            StageSinceMs = _nowMs,
            Bytes = Math.Max(migration.Bytes, advance.Bytes),
            ContentHash = advance.ContentHash != 0 ? advance.ContentHash : migration.ContentHash,
            Error = advance.Error.Length > 0 ? advance.Error : migration.Error,
        };
        if (next.IsOver)
        {
            next = next with { EndedMs = _nowMs };
            Record("migration", $"#{next.Id} {next.Stage}{(next.Error.Length > 0 ? ": " + next.Error : "")}");
            if (RecommendationRules.Find(State, next.Recommendation ?? 0) is { } record)
                Set(RecommendationRules.Ended(record, next));
        }
        State.Set(Store, _index, next);
        State.Set(Store, _index, MigrationRules.ReplicasAfter(State.Shards[next.Shard], next));
        return MetaResult.Success;
    }

    private MetaResult SetReads(SetReadPercent reads)
    {
        if (!State.Migrations.TryGetValue(reads.Id, out var migration) || migration.IsOver)
            return MetaResult.Refused($"migration {reads.Id} is not under way");
        var shard = State.Shards[migration.Shard];
        State.Set(Store, _index, migration with { ReadPercent = reads.Percent });
        State.Set(Store, _index, shard with
        {
            Replicas = [.. shard.Replicas.Select(replica => replica.ReplicaId == migration.ToReplica
                ? replica with { ReadWeight = reads.Percent }
                : replica)],
        });
        return MetaResult.Success;
    }

    private MetaResult Set(SetPolicy policy)
    {
        var current = State.Policy?.Version ?? 0;
        if (policy.Replaces is { } replaces && replaces != current)
            return MetaResult.Refused($"version {replaces}: the policy is at version {current} by now; read it again");
        State.Set(Store, _index, new PolicyRecord(current + 1, _nowMs, policy.Json));
        return Record("policy", $"version {State.Policy!.Version} set");
    }

    private MetaResult Load(LoadModel load)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(load.Onnx));
        if (ModelRules.Refuse(State.Models, load, sha) is { } reason)
            return MetaResult.Refused(reason);
        var model = new ModelRecord(
            State.Models.Next, sha, load.Onnx.Length, _nowMs, load.Note, load.ByHand);
        State.PutModel(Store, _index, model.Number, load.Onnx);
        State.Set(Store, _index, State.Models.WithCandidate(model, _nowMs));
        Record("model", $"{model} runs along beside {State.Models.Acting}");
        return new MetaResult(true, "", model.Number);
    }

    private MetaResult Move(MoveModel move)
    {
        if (ModelRules.Refuse(State.Models, move) is { } reason)
            return MetaResult.Refused(reason);
        State.Set(Store, _index, State.Models.After(move.Step, _nowMs));
        return Record("model", ModelRules.Tell(move, State.Models));
    }

    private MetaResult Note(NoteProposals proposals)
    {
        foreach (var id in proposals.Gone)
        {
            if (RecommendationRules.Find(State, id) is { State: RecommendationState.Proposed })
                State.Forget(Store, _index, id);
        }
        foreach (var proposal in proposals.New)
        {
            var isKnown = RecommendationRules.Open(State, proposal.Move) is not null;
            if (!isKnown && !RecommendationRules.IsVetoed(State, proposal, _nowMs))
                Set(RecommendationRules.Proposal(NextRecommendation(), proposal, _nowMs));
        }
        return MetaResult.Success;
    }

    /// <summary>The recommendation that a move carries out, numbered now if it was not: then it began in the round that
    /// first proposed it.</summary>
    private long Begin(StartMigration start)
    {
        var move = RecommendationRules.MoveOf(start);
        var record = RecommendationRules.Open(State, move) ?? RecommendationRules.Proposal(
            NextRecommendation(), new NewProposal(move, start.Recommended!.Cause == MoveCause.Drain), _nowMs);
        Set(RecommendationRules.Started(record, start, State.Cluster!.NextMigration, _nowMs));
        return record.Id;
    }

    private MetaResult Approve(ApproveRecommendation approve)
    {
        if (RecommendationRules.Refuse(State, approve, _nowMs) is { } reason)
            return MetaResult.Refused(reason);
        var record = State.Recommendations[approve.Id] with
        {
            State = RecommendationState.Approved,
            SinceMs = _nowMs,
            ApprovedUntilMs = Math.Min(approve.UntilMs, approve.LatestMs),
            ApprovalLatestMs = approve.LatestMs,
        };
        Set(record);
        return Record("recommendation", $"#{record.Id} approved: {RecommendationRules.Deed(record.Move)}");
    }

    private MetaResult Keep(KeepApproval keep)
    {
        if (RecommendationRules.Find(State, keep.Id) is not { State: RecommendationState.Approved } record)
            return MetaResult.Refused($"recommendation {keep.Id} is not approved");
        Set(record with
        {
            ApprovedUntilMs = Math.Max(record.ApprovedUntilMs, Math.Min(keep.UntilMs, record.ApprovalLatestMs)),
        });
        return MetaResult.Success;
    }

    private MetaResult End(EndApproval end)
    {
        if (RecommendationRules.Find(State, end.Id) is not { State: RecommendationState.Approved } record
            || record.IsApprovedAt(_nowMs))
        {
            return MetaResult.Refused($"recommendation {end.Id} has no approval that has run out");
        }
        Set(record with
        {
            State = RecommendationState.Expired,
            SinceMs = _nowMs,
            EndedMs = _nowMs,
        });
        return Record("recommendation", $"#{record.Id} ran out although it was approved: it was not due, or not "
            + $"proposed any more ({RecommendationRules.Deed(record.Move)})");
    }

    private MetaResult Veto(VetoRecommendation veto)
    {
        if (RecommendationRules.Refuse(State, veto) is { } reason)
            return MetaResult.Refused(reason);
        var record = State.Recommendations[veto.Id] with
        {
            State = RecommendationState.Vetoed,
            SinceMs = _nowMs,
            EndedMs = _nowMs,
            VetoedUntilMs = _nowMs + (veto.Minutes * 60_000L),
        };
        Set(record);
        return Record("recommendation", $"#{record.Id} vetoed: {RecommendationRules.Deed(record.Move)}; the shard "
            + $"stays for {veto.Minutes} min");
    }

    private MetaResult Judge(JudgeRecommendation judge)
    {
        if (RecommendationRules.Find(State, judge.Id) is not { State: RecommendationState.Done, Outcome: null } record)
            return MetaResult.Refused($"recommendation {judge.Id} has no move that waits for a judgement");
        Set(record with { Outcome = judge.Outcome });
        return Record("recommendation", $"#{record.Id} judged: {OutcomeTexts.Verdict(judge.Outcome.Help)}");
    }

    private long NextRecommendation()
    {
        Set(State.Cluster! with { Recommendations = State.Cluster!.Recommendations + 1 });
        return State.Cluster!.Recommendations;
    }

    private MetaResult Drain(SetDraining drain)
    {
        if (!State.Nodes.TryGetValue(drain.Node, out var node))
            return MetaResult.Refused($"node {drain.Node} does not exist");
        State.Set(Store, _index, node with { Draining = drain.Draining });
        return Record("drain", $"node {node.Name} {(drain.Draining ? "is drained" : "takes shards again")}");
    }

    private MetaResult Append(AppendHistory history)
    {
        if (!LoadBatchReader.TryReadExpiry(history.Batch, out var expires, out var error))
            return MetaResult.Refused(error!);
        State.AddHistory(Store, _index, history.Batch, (expires, _nowMs));
        return MetaResult.Success;
    }

    private MetaResult Record(string kind, string text)
    {
        var cluster = State.Cluster!;
        State.Set(Store, _index, new EventRecord(cluster.NextEvent, _nowMs, kind, text));
        Set(cluster with { NextEvent = cluster.NextEvent + 1 });
        return MetaResult.Success;
    }

    private void Set(RecommendationRecord record) => State.Set(Store, _index, record, _nowMs);

    private void Set(ClusterRecord cluster) => State.Set(Store, _index, cluster);
}
