using System.Collections.Concurrent;

namespace ShardStore.Client.Requests;

/// <summary>A token that fires at a call's deadline or when its caller cancels. The timers are kept for the next
/// call.</summary>
internal readonly struct DeadlineSource : IDisposable
{
    private const int PooledMax = 4096;
    private static readonly ConcurrentQueue<CancellationTokenSource> s_pool = new();

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    internal DeadlineSource(TimeSpan deadline, CancellationToken callerToken)
    {
        _source = s_pool.TryDequeue(out var pooled) ? pooled : new CancellationTokenSource();
        _source.CancelAfter(deadline);
        _caller = callerToken.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // First the caller's side, which may be cancelling right now; then the source is ours alone.
        _caller.Dispose();
        if (s_pool.Count < PooledMax && _source.TryReset())
            s_pool.Enqueue(_source);
        else
            _source.Dispose();
    }
}
