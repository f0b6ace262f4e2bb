using System.Text.Json;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Requests from node to node that are not consensus: each is answered once, or times out. Owned by the
/// loop.</summary>
public sealed class ControlPlane(ReplicaHost host)
{
    public const ulong RequestChannel = 2;
    public const ulong ReplyChannel = 3;
    private const long TimeoutMicros = 5_000_000;
    private const int WaitingMax = 10_000;
    private readonly Dictionary<ulong, (int Node, Action<ControlReply> Done, long DeadlineMicros)> _waiting = [];

    // Starts at a random place: the answer to a question of this node's last process must not fit one of ours.
    private ulong _nextId = host.NextSeed();

    /// <summary>Answers a request on this node; set by the part that can.</summary>
    public Action<ControlRequest, Action<ControlReply>> Handler { get; set; } =
        (request, done) => done(new ControlReply { Id = request.Id, Ok = false, Error = "this node is starting" });

    /// <summary>Asks a node, which may be this one. <paramref name="done"/> is called on the loop, exactly once.
    /// </summary>
    public void Ask(int node, ControlRequest request, Action<ControlReply> done)
    {
        request = request with { Id = ++_nextId };
        if (node == host.Options.Node)
        {
            Handler(request, done);
            return;
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(request, MetaJson.Default.ControlRequest);
        if (_waiting.Count >= WaitingMax || !host.Transport.SendBulk(node, RequestChannel, bytes))
        {
            done(Failure(request.Id, $"node {node} cannot be reached"));
            return;
        }
        _waiting[request.Id] = (node, done, host.NowMicros + TimeoutMicros);
    }

    /// <summary>Bytes of one of the two channels.</summary>
    public void OnBulk(int fromNode, ulong channel, ReadOnlyMemory<byte> bytes)
    {
        if (channel == RequestChannel)
        {
            if (Read(bytes, MetaJson.Default.ControlRequest) is { } request)
                Handler(request, reply => Answer(fromNode, request.Id, reply));
        }
        else if (Read(bytes, MetaJson.Default.ControlReply) is { } reply
            && _waiting.TryGetValue(reply.Id, out var waiting) && waiting.Node == fromNode
            && _waiting.Remove(reply.Id))
        {
            waiting.Done(reply);
        }
    }

    public void Tick(long nowMicros)
    {
        foreach (var (id, waiting) in _waiting.ToArray())
        {
            if (waiting.DeadlineMicros > nowMicros || !_waiting.Remove(id))
                continue;
            waiting.Done(Failure(id, $"no answer within {TimeoutMicros / 1_000_000} s"));
        }
    }

    public static ControlReply Failure(ulong id, string error) => new() { Id = id, Ok = false, Error = error };

    private void Answer(int node, ulong id, ControlReply reply)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(reply with { Id = id }, MetaJson.Default.ControlReply);
        // A reply that cannot be sent is a time-out for the asker, who asks again.
        host.Transport.SendBulk(node, ReplyChannel, bytes);
    }

    internal static T? Read<T>(ReadOnlyMemory<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            // A peer of another version may say what this one does not know, or leave out which command it is (which
            // the reader calls not supported); the asker times out.
            return null;
        }
    }
}
