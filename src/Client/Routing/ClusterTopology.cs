using ShardStore.Client.Connections;
using ShardStore.Client.Requests;
using ShardStore.Resp;

namespace ShardStore.Client.Routing;

/// <summary>Holds the current map and reads it anew: when asked to, one reading at a time for all who ask, and not
/// more often than the options allow.</summary>
internal sealed class ClusterTopology(ClientOptions options, ConnectionPool pool) : IAsyncDisposable
{
    /// <summary>A node that takes longer to tell the map is not waited for alone: it may be cut off, and its connection
    /// not yet known to be dead.</summary>
    private static readonly TimeSpan s_answerUsual = TimeSpan.FromMilliseconds(100);

    private readonly NodeAddress[] _seeds = [.. options.Endpoints.Select(NodeAddress.Parse)];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private SlotMap _map = SlotMap.Empty;
    private Task _reading = Task.CompletedTask;
    private long _nextReadMs;
    private int _turn;

    internal SlotMap Map => Volatile.Read(ref _map);

    /// <summary>Reads the map for the first time.</summary>
    /// <exception cref="ClientException">No endpoint answered.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var failure = await TryReadAsync(cancellationToken).ConfigureAwait(false);
        if (failure is not null)
            throw new ClientException(
                ClientErrorKind.ConnectionFailed,
                $"none of {string.Join(", ", _seeds)} told the cluster's map; the last said: {failure.Message}",
                mayHaveRun: false, failure);
    }

    /// <summary>The node for a command on any key, a different one each time.</summary>
    internal NodeAddress AnyNode()
    {
        var candidates = Candidates();
        return candidates[(int)((uint)Interlocked.Increment(ref _turn) % (uint)candidates.Count)];
    }

    /// <summary>Asks for a new reading; at most one runs, and not sooner than the options allow after the last.
    /// The task ends when that reading has ended, well or not.</summary>
    internal Task RefreshAsync()
    {
        lock (_gate)
        {
            if (_reading.IsCompleted && !_stopping.IsCancellationRequested)
                _reading = ReadLaterAsync(_nextReadMs - Environment.TickCount64);
            return _reading;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task reading;
        lock (_gate)
        {
            _stopping.Cancel();
            reading = _reading;
        }
        await reading.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ReadLaterAsync(long waitMs)
    {
        await Task.Yield();
        try
        {
            if (waitMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(waitMs), _stopping.Token).ConfigureAwait(false);
            // A failed reading leaves the old map standing: it is right for most slots.
            await TryReadAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task<Exception?> TryReadAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var readings = new List<Task<SlotMap>>();
        Exception? failure = null;
        SlotMap? map = null;
        foreach (var node in InTurn())
        {
            readings.Add(ReadFromAsync(node, enough.Token));
            (map, failure) = await FirstAsync(readings, s_answerUsual, cancellationToken).ConfigureAwait(false);
            if (map is not null)
                break;
        }
        if (map is null && readings.Count > 0)
            (map, failure) = await FirstAsync(readings, Timeout.InfiniteTimeSpan, cancellationToken)
                .ConfigureAwait(false);
        if (map is not null)
            Volatile.Write(ref _map, map);
        await enough.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(readings)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _nextReadMs = Environment.TickCount64 + (long)options.MapRefreshMin.TotalMilliseconds;
        return map is null ? failure : null;
    }

    /// <summary>The first map that is told within a time, or why there is none yet; what failed leaves the list.
    /// </summary>
    private static async Task<(SlotMap? Map, Exception? Failure)> FirstAsync(
        List<Task<SlotMap>> readings, TimeSpan patience, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var time = Task.Delay(patience, cancellationToken);
        while (readings.Count > 0)
        {
            var first = await Task.WhenAny([.. readings, time]).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (first == time)
                break;
            readings.Remove((Task<SlotMap>)first);
            try
            {
                return (await ((Task<SlotMap>)first).ConfigureAwait(false), null);
            }
            catch (Exception error) when (error is ConnectionBrokenException or ClientException
                or RespReplyFormatException or OperationCanceledException)
            {
                failure = error;
            }
        }
        return (null, failure);
    }

    private async Task<SlotMap> ReadFromAsync(NodeAddress node, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        var connection = await pool.GetAsync(node, false, limit.Token).ConfigureAwait(false);
        var command = ClientCommand.OnNode(CommandNames.Cluster, CommandNames.Slots);
        await connection.EnterAsync(limit.Token).ConfigureAwait(false);
        var reply = await connection.SendAsync(command, RequestIdentity.None, false, limit.Token)
            .ConfigureAwait(false);
        if (reply.IsError && !reply.Text.Contains("cluster support disabled", StringComparison.Ordinal))
            throw new ClientException(ClientErrorKind.Refused, $"{node} refused CLUSTER SLOTS: {reply.Text}", false);
        // A server without cluster mode serves everything itself.
        var map = reply.IsError ? WholeMap(node) : SlotMapParser.Parse(reply, node);
        if (map.Masters().Count == 0)
            throw new ClientException(ClientErrorKind.Unavailable, $"{node} knows no owner of any slot yet", false);
        return map;
    }

    private static SlotMap WholeMap(NodeAddress node)
    {
        var routes = new SlotRoute?[HashSlot.Count];
        Array.Fill(routes, new SlotRoute(node, []));
        return new SlotMap(routes);
    }

    /// <summary>Another one first each time, but those that must be dialled last: one that is gone takes its time.
    /// </summary>
    private IEnumerable<NodeAddress> InTurn()
    {
        var candidates = Candidates();
        var start = (int)((uint)Interlocked.Increment(ref _turn) % (uint)candidates.Count);
        return Enumerable.Range(0, candidates.Count)
            .Select(i => candidates[(start + i) % candidates.Count])
            .OrderBy(node => pool.Find(node) is { IsBroken: false } ? 0 : 1);
    }

    /// <summary>The nodes of the map, then the seeds that are not in it: a map of dead nodes must not lock us out.
    /// </summary>
    private List<NodeAddress> Candidates()
    {
        var nodes = Map.Masters().ToList();
        nodes.AddRange(_seeds.Where(seed => !nodes.Contains(seed)));
        return nodes;
    }
}
