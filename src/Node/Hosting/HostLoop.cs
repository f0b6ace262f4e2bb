using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>The thread that turns a host. If a turn throws, the node must stop: its state can no longer be trusted.
/// </summary>
public sealed class HostLoop : IDisposable
{
    private readonly ReplicaHost _host;
    private readonly Action<Exception> _onFatal;
    private readonly Thread _thread;

    /// <summary>A turn that took longer is told: a quarter of the shortest sensible election timeout.</summary>
    private const long SlowTurnMicros = 250_000;

    private volatile bool _stopping;

    public HostLoop(ReplicaHost host, string nodeName, Action<Exception> onFatal)
    {
        _host = host;
        _onFatal = onFatal;
        _thread = new Thread(Run) { Name = $"{nodeName}-loop", IsBackground = true };
    }

    /// <summary>CPU time of the loop's thread so far, sampled by itself each turn. Unit: microseconds.</summary>
    public long CpuMicros { get; private set; }

    /// <summary>On the loop, after a turn that took too long: the host's watch and the turn's CPU time in microseconds.
    /// </summary>
    public event Action<TurnWatch, long>? SlowTurn;

    public void Start() => _thread.Start();

    /// <summary>Runs something on the loop and waits for it, at most <paramref name="timeout"/>.</summary>
    public async Task<T> AskAsync<T>(Func<T> question, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Mailbox.Post(() => answer.TrySetResult(question()));
        return await answer.Task.WaitAsync(timeout, cancellation);
    }

    public void Dispose()
    {
        _stopping = true;
        _host.Mailbox.Post(() => { });
        if (Thread.CurrentThread != _thread && _thread.IsAlive)
            _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                _host.Turn();
                var cpuMicros = ThreadCpu.Micros();
                if (_host.Watch.LastMicros > SlowTurnMicros)
                    SlowTurn?.Invoke(_host.Watch, cpuMicros - CpuMicros);
                CpuMicros = cpuMicros;
                var untilTick = (_host.NextTickMicros - _host.NowMicros) / 1000;
                _host.Mailbox.Wait((int)Math.Clamp(untilTick + 1, 0, 100));
            }
        }
        catch (Exception failure)
        {
            _onFatal(failure);
        }
    }
}
