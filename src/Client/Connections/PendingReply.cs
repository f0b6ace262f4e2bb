using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using ShardStore.Resp;

namespace ShardStore.Client.Connections;

/// <summary>
/// One place in a connection's line of awaited replies. Two parties hold it: the caller who awaits it and the
/// connection whose next reply it may be. A caller who gives up (cancel, deadline) lets go, but the place stays in
/// line until its reply has come and been dropped; otherwise every later reply would go to the wrong caller.
/// When both have let go the object is used again, so a call costs no allocation here.
/// </summary>
internal sealed class PendingReply : IValueTaskSource<RespReply>
{
    private const int PooledMax = 16_384;
    private static readonly ConcurrentQueue<PendingReply> s_pool = new();
    private static int s_pooled;

    private ManualResetValueTaskSourceCore<RespReply> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private int _settled;
    private int _holders;

    private PendingReply() => _source.RunContinuationsAsynchronously = true;

    /// <summary>Position of the command's first byte in all bytes ever sent on the connection.</summary>
    internal long StartByte { get; set; }

    /// <summary>False for the one-reply prefix of a redirected command, which is let in without a count.</summary>
    internal bool HoldsRoom { get; set; }

    /// <summary>When it was queued. Unit: milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long QueuedMs { get; private set; }

    internal ValueTask<RespReply> Task => new(this, _source.Version);

    internal static PendingReply Rent(CancellationToken cancellationToken)
    {
        if (s_pool.TryDequeue(out var pending))
            Interlocked.Decrement(ref s_pooled);
        else
            pending = new PendingReply();
        pending._holders = 2;
        pending._settled = 0;
        pending.HoldsRoom = true;
        pending._token = cancellationToken;
        pending.QueuedMs = Environment.TickCount64;
        pending._registration = cancellationToken.UnsafeRegister(
            static state => ((PendingReply)state!).Cancel(), pending);
        return pending;
    }

    /// <summary>The connection's side: the reply has come. It lets go of the place.</summary>
    internal void Complete(in RespReply reply)
    {
        if (TrySettle())
            _source.SetResult(reply);
        LetGo();
    }

    /// <summary>The connection's side: no reply will come. It lets go of the place.</summary>
    internal void Fail(Exception error)
    {
        if (TrySettle())
            _source.SetException(error);
        LetGo();
    }

    /// <summary>For a command whose reply nobody awaits.</summary>
    internal void Abandon()
    {
        if (TrySettle())
            LetGo();
    }

    public RespReply GetResult(short token)
    {
        // Waits for a cancellation under way on another thread: after this nobody else touches the object.
        _registration.Dispose();
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            LetGo();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (TrySettle())
            _source.SetException(new OperationCanceledException(_token));
    }

    private bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        _source.Reset();
        _registration = default;
        _token = default;
        if (Interlocked.Increment(ref s_pooled) <= PooledMax)
            s_pool.Enqueue(this);
        else
            Interlocked.Decrement(ref s_pooled);
    }
}
