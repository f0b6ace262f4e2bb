using System.Buffers;
using System.Text;
using ShardStore.Node.Commands;
using ShardStore.Node.Hosting;
using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Resp;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>One request on one connection. Its end is a reply, or the news that the connection broke.</summary>
public sealed class PendingRequest(SimulatedWorld world, string[] words, bool fromReplica, Action<RespReply?> done)
    : IRequestOwner
{
    private SimulatedNode? _node;

    public bool IsGone => false;

    // Numbered writes have the command behind name, client, lane and number.
    private string Key => words[0] == "SHARDSTORE.ONCE" ? words[5] : words[1];

    public void SubmitTo(SimulatedNode node, NodeCore core, Mailbox mailbox)
    {
        _node = node;
        var request = new ClientRequest(this);
        request.Prepare(2);
        foreach (var word in words)
            request.Arguments.Add(Encoding.ASCII.GetBytes(word));
        var arguments = request.Arguments.List;
        request.Spec = CommandTable.Resolve(arguments)!;
        request.ReadOnlyConnection = fromReplica;
        if (ShardTarget.Find(core.Routing.Map, request.Spec, arguments, out var target) is { } error)
        {
            request.Fail(error);
            return;
        }
        request.ShardId = target.ShardId;
        request.Slot = target.Slot;
        request.IsWrite = request.Spec.IsWrite;
        if (Group(request.ShardId) is { Raft.Role: RaftRole.Leader } group && !request.IsWrite
            && !group.Raft.HoldsLease(node.Clock.Reading))
            world.Counters.Count("reads met a leader without a lease");
        new RequestRouter(mailbox, node.Clock).Submit(request);
    }

    public void OnCompleted(ClientRequest request, int replyBytes)
    {
        var bytes = new ReadOnlySequence<byte>(request.Reply.Written.ToArray());
        new RespReplyReader().TryRead(ref bytes, out var reply);
        if (!request.IsWrite && !reply.IsError && Group(request.ShardId) is { } group)
            world.Counters.Count($"reads at a {RoleOf(group.Raft)}");
        var node = _node!;
        if (request.IsWrite && !reply.IsError)
            node.Answered(request.ShardId, Key);
        node.OnAnswered(this);
        node.Later(node.Clock.StallMicros, () => world.Events.After(world.Between(50, 800), () => done(reply)));
    }

    private ReplicaGroup? Group(int shard) => _node!.Core?.Host.Group((ulong)shard);

    private static string RoleOf(RaftNode raft) => raft.Role == RaftRole.Leader ? "leader"
        : raft.Configuration.Voters.Contains(raft.Self) ? "follower" : "learner";

    public void OnBroken() => world.Events.After(world.Between(50, 800), () => done(null));
}
