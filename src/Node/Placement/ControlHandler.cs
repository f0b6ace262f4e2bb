using System.Collections.Immutable;
using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>Answers what other nodes ask of this one.</summary>
public sealed class ControlHandler(ReplicaHost host, MetaGroup meta)
{
    public void Handle(ControlRequest request, Action<ControlReply> done)
    {
        if (request.Kind == ControlKind.ProposeMeta)
        {
            ProposeMeta(request, done);
            return;
        }
        var group = host.Group((ulong)request.Shard);
        if (request.Kind == ControlKind.HasReplica)
        {
            done(new ControlReply { Id = request.Id, Ok = group?.Identity.Replica.Value == request.Replica });
            return;
        }
        if (group is null)
        {
            done(ControlPlane.Failure(request.Id, $"shard {request.Shard} has no replica on this node"));
            return;
        }
        if (request.Kind == ControlKind.HashAt)
            HashAt(group, request, done);
        else if (group.Raft.Role != RaftRole.Leader)
            done(ControlPlane.Failure(request.Id, $"shard {request.Shard} is not led here"));
        else
            HandleAsLeader(group, request, done);
    }

    private void HandleAsLeader(ReplicaGroup group, ControlRequest request, Action<ControlReply> done)
    {
        switch (request.Kind)
        {
            case ControlKind.ShardStatus:
                done(new ControlReply { Id = request.Id, Ok = true, Status = StatusOf(group) });
                break;
            case ControlKind.ChangeMembers:
                var result = group.Raft.ProposeMembership(ChangeOf(request), out _);
                host.MarkDirty(group);
                done(new ControlReply { Id = request.Id, Ok = result == ProposeResult.Ok, Error = result.ToString() });
                break;
            case ControlKind.TransferLeader:
                group.Raft.TransferLeadership(new ReplicaId(request.Replica), host.NowMicros);
                host.MarkDirty(group);
                done(new ControlReply { Id = request.Id, Ok = true });
                break;
            case ControlKind.MarkHash:
                MarkHash(group, request, done);
                break;
            case ControlKind.SendCheckpoint:
                var refusal = host.Snapshots.TryStartRepair(
                    group, new ReplicaId(request.Replica), new LogIndex(request.Index));
                done(new ControlReply { Id = request.Id, Ok = refusal is null, Error = refusal ?? "" });
                break;
            default:
                done(ControlPlane.Failure(request.Id, $"unknown request {request.Kind}"));
                break;
        }
    }

    private void ProposeMeta(ControlRequest request, Action<ControlReply> done)
    {
        if (request.Command is null || !meta.IsLeader)
        {
            done(ControlPlane.Failure(request.Id, "this node does not lead the meta group"));
            return;
        }
        meta.Propose(request.Command, result =>
            done(new ControlReply { Id = request.Id, Ok = true, Meta = result }));
    }

    private static void MarkHash(ReplicaGroup group, ControlRequest request, Action<ControlReply> done)
    {
        var proposal = new HashProposal(answer => done(answer is { } found
            ? new ControlReply { Id = request.Id, Ok = true, Index = found.Index, Hash = found.Hash }
            : ControlPlane.Failure(request.Id, "the marker was not applied")));
        var result = group.Propose(new byte[] { ShardReplica.HashMarker }, proposal, out _);
        if (result != ProposeResult.Ok)
            done(ControlPlane.Failure(request.Id, result.ToString()));
    }

    private static void HashAt(ReplicaGroup group, ControlRequest request, Action<ControlReply> done)
    {
        var known = ((ShardReplica)group.Machine).TryGetHash(request.Index, out var hash);
        done(new ControlReply
        {
            Id = request.Id,
            Ok = known,
            Index = request.Index,
            Hash = hash,
            Error = known ? "" : $"index {request.Index} is not applied here yet",
        });
    }

    private static MembershipChange ChangeOf(ControlRequest request)
    {
        var steps = ImmutableArray.CreateBuilder<MembershipStep>();
        if (request.AddLearner != 0)
            steps.Add(new MembershipStep(MembershipStepKind.AddLearner, new ReplicaId(request.AddLearner)));
        if (request.AddVoter != 0)
            steps.Add(new MembershipStep(MembershipStepKind.AddVoter, new ReplicaId(request.AddVoter)));
        if (request.Remove != 0)
            steps.Add(new MembershipStep(MembershipStepKind.Remove, new ReplicaId(request.Remove)));
        return new MembershipChange(steps.ToImmutable());
    }

    private ShardStatus StatusOf(ReplicaGroup group)
    {
        var raft = group.Raft;
        var configuration = raft.Configuration;
        var peers = new List<PeerProgress>();
        raft.CopyProgress(peers);
        var sender = host.Snapshots.Sending.FirstOrDefault(sending => sending.Group == group);
        return new ShardStatus(
            raft.Self.Value, raft.Term.Value, raft.AppliedIndex.Value, raft.LastIndex.Value,
            Ids(configuration.Voters), Ids(configuration.VotersOutgoing), Ids(configuration.Learners),
            [.. peers.Select(peer => new PeerStatus(
                peer.Peer.Value, peer.Match.Value, peer.State == ProgressState.Replicate))],
            sender?.AcknowledgedBytes ?? 0, sender?.TotalBytes ?? 0,
            group.Machine.Store.LiveBytes, group.Machine.Store.KeyCount);
    }

    private static ImmutableArray<ulong> Ids(ImmutableArray<ReplicaId> ids) => [.. ids.Select(id => id.Value)];
}
