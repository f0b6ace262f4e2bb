using System.Collections.Concurrent;

namespace ShardStore.Node.Server;

/// <summary>The open connections. One leaves only after it is torn down, so "none left" means "all over".</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<long, RespConnection> _open = new();
    private readonly AsyncSignal _left = new();

    public int Count => _open.Count;
    public IEnumerable<RespConnection> Open => _open.Values.OrderBy(connection => connection.Session.Id);

    public void Add(RespConnection connection) => _open[connection.Session.Id] = connection;

    public void Remove(RespConnection connection)
    {
        _open.TryRemove(connection.Session.Id, out _);
        _left.Set();
    }

    /// <summary>Asks all to finish, waits, aborts the rest, and waits for those.</summary>
    public async Task CloseAsync(TimeSpan drainTime)
    {
        foreach (var connection in _open.Values)
            connection.Stop();
        using var deadline = new CancellationTokenSource(drainTime);
        using var abort = deadline.Token.Register(AbortAll);
        while (!_open.IsEmpty)
            await _left.WaitAsync().ConfigureAwait(false);
    }

    private void AbortAll()
    {
        foreach (var connection in _open.Values)
            connection.Abort();
    }
}
