using System.Buffers;
using System.Text;
using ShardStore.Node.Commands;
using ShardStore.Resp;

namespace ShardStore.Node.Tests.Commands;

/// <summary>Two replicas of one shard at a time the test sets: the first leads.</summary>
internal sealed class Replicas
{
    private readonly ArrayBufferWriter<byte> _entry = new();
    private ulong _index;

    public ShardStateMachine Leader { get; } = new(new DictionaryStore());
    public ShardStateMachine Follower { get; } = new(new DictionaryStore());
    public long NowMs { get; set; } = 1_000_000;
    public ulong Index => _index;

    public static ClientRequest Request(string line, int protocol = 2)
    {
        var request = new ClientRequest(DetachedOwner.Instance);
        request.Prepare(protocol);
        var input = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(line + "\n"));
        Assert.Equal(RespReadResult.Request, new RespRequestReader().Read(ref input, request.Arguments));
        request.Spec = CommandTable.Resolve(request.Arguments.List)!;
        request.IsWrite = request.Spec.IsWrite;
        return request;
    }

    /// <summary>All lines in one entry; the raw replies.</summary>
    public string[] Write(params string[] lines)
    {
        var requests = lines.Select(line => Request(line)).ToList();
        _entry.ResetWrittenCount();
        Leader.Encode(requests, NowMs, _entry);
        Apply(requests);
        return [.. requests.Select(Text)];
    }

    public string Read(string line) => Read(line, out _);

    public string Read(string line, out bool stands)
    {
        var request = Request(line);
        stands = Leader.Read(request, NowMs);
        return Text(request);
    }

    public bool Expire(int keysMax = 100)
    {
        _entry.ResetWrittenCount();
        if (!Leader.TryEncodeExpiry(NowMs, keysMax, _entry))
            return false;
        Apply(null);
        return true;
    }

    public bool AreEqual => Leader.ClockMs == Follower.ClockMs
        && Leader.Store.ContentHash == Follower.Store.ContentHash;

    private void Apply(List<ClientRequest>? waiting)
    {
        _index++;
        Leader.Apply(_index, _entry.WrittenSpan, waiting);
        Follower.Apply(_index, _entry.WrittenSpan, null);
    }

    private static string Text(ClientRequest request) => Encoding.Latin1.GetString(request.Reply.Written).TrimEnd();
}
