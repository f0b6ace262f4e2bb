using System.Buffers.Text;
using System.Collections.Immutable;
using ShardStore.Node.Routing;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>One client request answered from several internal ones. When the last of them is complete the replies
/// are merged, on whatever thread that is.</summary>
internal sealed class Gather : IRequestOwner
{
    private readonly ClientRequest _parent;
    private readonly Action<Gather, RespWriter> _merge;
    private int _left;

    private Gather(ClientRequest parent, Action<Gather, RespWriter> merge)
    {
        _parent = parent;
        _merge = merge;
    }

    public List<ClientRequest> Children { get; } = [];
    public bool IsGone => _parent.IsAbandoned;

    /// <summary>Shards that this node answers for, by id: those it leads, and those that the map gives it while their
    /// leader is still being found. The latter wait for it; left out, FLUSHALL would say OK and keep their keys.
    /// </summary>
    public static ImmutableArray<int> OwnShards(IClusterView cluster)
    {
        var led = cluster.LedShards;
        var own = cluster.Map.Shards.Where(shard => ClusterReplies.OwnerOf(shard) == cluster.SelfNode);
        return [.. led.Union(own.Select(shard => shard.Id)).Order()];
    }

    /// <summary>Sends the command to every shard this node answers for.</summary>
    public static void FromOwnShards(
        ConnectionSession session, ClientRequest parent, RespArguments command, Action<Gather, RespWriter> merge)
    {
        var gather = new Gather(parent, merge);
        foreach (var shardId in OwnShards(session.Server.Cluster))
            gather.AddChild(command.List, new ShardTarget(shardId, -1));
        gather.Submit(session);
    }

    /// <summary>Sends the command to one shard.</summary>
    public static void FromShard(
        ConnectionSession session, ClientRequest parent, RespArguments command, ShardTarget target,
        Action<Gather, RespWriter> merge)
    {
        var gather = new Gather(parent, merge);
        gather.AddChild(command.List, target);
        gather.Submit(session);
    }

    public void OnCompleted(ClientRequest request, int replyBytes)
    {
        if (Interlocked.Decrement(ref _left) == 0)
            Finish();
    }

    /// <summary>The integer that starts behind <paramref name="at"/>'s type byte; moves behind its line.</summary>
    public static long ReadNumber(ReadOnlySpan<byte> reply, ref int at)
    {
        if (!Utf8Parser.TryParse(reply[(at + 1)..], out long value, out var used))
            throw new InvalidDataException($"A shard's reply has no number at byte {at + 1}.");
        at += 1 + used + 2;
        return value;
    }

    private void AddChild(ArgumentList command, ShardTarget target)
    {
        var child = new ClientRequest(this);
        child.Prepare(protocol: 2);
        child.Arguments.AddAll(command);
        child.Spec = CommandTable.Resolve(command)!;
        child.IsWrite = child.Spec.IsWrite;
        child.ShardId = target.ShardId;
        child.Slot = target.Slot;
        child.SubmittedMicros = _parent.SubmittedMicros;
        Children.Add(child);
    }

    private void Submit(ConnectionSession session)
    {
        // One more than there are, so that completions during the loop cannot finish early.
        _left = Children.Count + 1;
        foreach (var child in Children)
            session.Submit(child);
        OnCompleted(_parent, 0);
    }

    private void Finish()
    {
        // A shard that was handed over meanwhile is its new leader's to answer for.
        Children.RemoveAll(child => child.Slot < 0 && child.Reply.Written.StartsWith("-MOVED "u8));
        var failed = Children.Find(child => child.Reply.Written.StartsWith("-"u8));
        if (failed != null)
            _parent.Reply.WriteRaw(failed.Reply.Written);
        else
            _merge(this, _parent.Reply);
        _parent.Complete();
    }
}
