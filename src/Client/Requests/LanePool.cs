namespace ShardStore.Client.Requests;

/// <summary>
/// Lends lanes to writes. The last one given back is lent first, so that a quiet client uses few lanes and the
/// servers keep few session records.
/// A lane goes back even when the outcome of its write stays unknown. That is safe: the next write on the lane has a
/// larger number, so if the lost one still reaches the shard afterwards, the server drops it as stale. Reuse makes
/// a straggler less harmful, where retiring the lane would leave it free to apply at any time.
/// </summary>
internal sealed class LanePool(ulong clientId, int lanesMax) : IDisposable
{
    private readonly SemaphoreSlim _room = new(lanesMax, lanesMax);
    private readonly Stack<WriteLane> _free = new();
    private int _created;

    internal ulong ClientId { get; } = clientId;

    internal int InUse => lanesMax - _room.CurrentCount;

    /// <summary>Waits for a lane when all are in use.</summary>
    internal ValueTask<WriteLane> RentAsync(CancellationToken cancellationToken)
    {
        if (_room.Wait(0, CancellationToken.None))
            return ValueTask.FromResult(Take());
        return RentSlowAsync(cancellationToken);
    }

    internal void Return(WriteLane lane)
    {
        lock (_free)
            _free.Push(lane);
        _room.Release();
    }

    public void Dispose() => _room.Dispose();

    private async ValueTask<WriteLane> RentSlowAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Take();
    }

    private WriteLane Take()
    {
        lock (_free)
            return _free.TryPop(out var lane) ? lane : new WriteLane((ushort)_created++);
    }
}
