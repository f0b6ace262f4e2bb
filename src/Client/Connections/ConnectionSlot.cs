namespace ShardStore.Client.Connections;

/// <summary>The place of one node's connection. Callers who find it broken share one attempt to dial.</summary>
internal sealed class ConnectionSlot(
    ConnectionDialer dialer, NodeAddress address, bool forReplicaReads, CancellationToken stopping) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private NodeConnection? _current;
    private Task<NodeConnection>? _dialing;

    internal NodeConnection? Current => Volatile.Read(ref _current);

    internal ValueTask<NodeConnection> GetAsync(CancellationToken cancellationToken)
    {
        var current = Volatile.Read(ref _current);
        if (current is { IsBroken: false })
            return ValueTask.FromResult(current);
        return new ValueTask<NodeConnection>(Dial().WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Task<NodeConnection>? dialing;
        lock (_gate)
            dialing = _dialing;
        if (dialing is not null)
            await ((Task)dialing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Current is { } current)
            await current.DisposeAsync().ConfigureAwait(false);
    }

    private Task<NodeConnection> Dial()
    {
        lock (_gate)
        {
            // A dial that is still under way, or whose connection came up while we waited for the lock.
            if (_dialing is { } last && (!last.IsCompleted || last is
                {
                    IsCompletedSuccessfully: true,
                    Result.IsBroken: false
                }))
                return last;
            _dialing = DialAsync();
            return _dialing;
        }
    }

    private async Task<NodeConnection> DialAsync()
    {
        // Off the caller's stack: the lock of Dial is held there.
        await Task.Yield();
        var connection = await dialer.DialAsync(address, forReplicaReads, stopping).ConfigureAwait(false);
        Volatile.Write(ref _current, connection);
        return connection;
    }
}
