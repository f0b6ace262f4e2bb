using System.Collections.Concurrent;

namespace ShardStore.Client.Connections;

/// <summary>One connection a node (and one more where reads are sent to it as a replica), opened at first use and
/// again after it broke.</summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    // Longer than the one second a node may hold a request during a switch, shorter than the default deadline.
    private const long SilenceMsMax = 2500;

    // Longer than a slow answer usually takes: then it is asked whether the machine is still there.
    private const long UnansweredMsMax = 150;
    private static readonly TimeSpan s_silenceCheck = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(NodeAddress, bool), ConnectionSlot> _slots = new();
    private readonly ConnectionDialer _dialer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    internal ConnectionPool(ClientOptions options)
    {
        _dialer = new ConnectionDialer(options);
        _watching = WatchAsync();
    }

    internal IEnumerable<NodeConnection> Open => _slots.Values.Select(s => s.Current).OfType<NodeConnection>();

    internal ValueTask<NodeConnection> GetAsync(
        NodeAddress address, bool forReplicaReads, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(
            (address, forReplicaReads),
            static (key, pool) => new ConnectionSlot(pool._dialer, key.Item1, key.Item2, pool._stopping.Token), this);
        return slot.GetAsync(cancellationToken);
    }

    internal NodeConnection? Find(NodeAddress address) =>
        _slots.TryGetValue((address, false), out var slot) ? slot.Current : null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        foreach (var slot in _slots.Values)
            await slot.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>A node that hangs keeps its connections open and says nothing: without this every call would wait
    /// out its whole deadline there instead of asking the node that took over.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_silenceCheck);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                LookAtSilent(Environment.TickCount64);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void LookAtSilent(long nowMs)
    {
        foreach (var connection in Open)
        {
            var silentMs = connection.SilentMs(nowMs);
            if (silentMs > SilenceMsMax)
                connection.Break(new TimeoutException(
                    $"{connection.InFlight} commands in flight and not a byte for {silentMs} ms"));
            else if (silentMs > UnansweredMsMax)
                connection.Probe();
        }
    }
}
