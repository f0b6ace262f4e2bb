using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>One command on its way from a connection to its reply. Owned and reused by the connection; lent to the
/// router between <see cref="IRequestRouter.Submit"/> and completion, when only the router touches it.</summary>
public sealed class ClientRequest
{
    private const int Idle = 0;
    private const int Pending = 1;
    private const int Done = 2;

    /// <summary>A rough charge for a command's header in an entry. Unit: bytes.</summary>
    private const int EncodedOverheadBytes = 16;

    private readonly IRequestOwner _owner;
    private int _state;
    private WritesInFlight? _writesInFlight;

    public ClientRequest(IRequestOwner owner) => _owner = owner;

    /// <summary>The command's arguments; the first is its name.</summary>
    public RespArguments Arguments { get; } = new();

    /// <summary>Holds nothing before execution; <see cref="RespWriter.Protocol"/> is the client's.</summary>
    public RespWriter Reply { get; } = new();

    public CommandSpec Spec { get; internal set; } = CommandSpec.None;

    /// <summary>True: goes through the log. False: is only read.</summary>
    public bool IsWrite { get; internal set; }

    /// <summary>The shard that owns every key of the command.</summary>
    public int ShardId { get; internal set; }

    /// <summary>The slot of the first key, for redirections; -1 when the command is for a shard as a whole.</summary>
    public int Slot { get; internal set; } = -1;

    /// <summary>The client has sent READONLY: a replica may serve its reads.</summary>
    public bool ReadOnlyConnection { get; internal set; }

    /// <summary>The client has sent ASKING just before.</summary>
    public bool Asking { get; internal set; }

    /// <summary>Its connection has a write under way: a read must not overtake it.</summary>
    public bool FollowsWrite { get; internal set; }

    /// <summary>When the command was handed over. Unit: microseconds of the monotonic clock.</summary>
    public long SubmittedMicros { get; internal set; }

    /// <summary>About what the command adds to a log entry. Unit: bytes.</summary>
    public int PayloadBytes => Arguments.ByteCount + (Arguments.Count * 2) + EncodedOverheadBytes;

    /// <summary>Nobody waits for the reply any more.</summary>
    public bool IsAbandoned => _owner.IsGone;

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>Set by its connection: the reply is swallowed (CLIENT REPLY OFF or SKIP).</summary>
    internal bool IsSilent { get; set; }

    /// <summary>Set by its connection: close after this reply (QUIT, protocol errors).</summary>
    internal bool ClosesConnection { get; set; }

    /// <summary>The reply is written: hands the request back.</summary>
    public void Complete()
    {
        // Before the owner may reuse this request: its later reads need not wait for it any more.
        _writesInFlight?.Leave();
        _writesInFlight = null;
        var replyBytes = Reply.Length;
        if (Interlocked.CompareExchange(ref _state, Done, Pending) != Pending)
            ThrowTwice();
        _owner.OnCompleted(this, replyBytes);
    }

    /// <summary>Replaces whatever was written by an error line, with or without its leading '-', and hands the
    /// request back.</summary>
    public void Fail(string respErrorLine)
    {
        Reply.Clear();
        Reply.WriteError(respErrorLine.StartsWith('-') ? respErrorLine[1..] : respErrorLine);
        Complete();
    }

    /// <summary>For the owner, before it fills the request anew.</summary>
    internal void Prepare(int protocol)
    {
        Reply.Clear();
        Reply.Protocol = protocol;
        Spec = CommandSpec.None;
        IsWrite = false;
        ShardId = 0;
        Slot = -1;
        Asking = false;
        FollowsWrite = false;
        SubmittedMicros = 0;
        IsSilent = false;
        ClosesConnection = false;
        Volatile.Write(ref _state, Pending);
    }

    /// <summary>For the connection, before it hands the request over: in order behind its writes under way.</summary>
    internal void Follow(WritesInFlight writes)
    {
        FollowsWrite = writes.Any;
        if (!IsWrite)
            return;
        writes.Enter();
        _writesInFlight = writes;
    }

    /// <summary>For the owner, when the reply is on its way.</summary>
    internal void Release()
    {
        Reply.Clear();
        Arguments.Clear();
        Volatile.Write(ref _state, Idle);
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowTwice() =>
        throw new InvalidOperationException("A request was completed twice: its reply would reach another client.");
}
