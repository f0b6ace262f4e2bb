using System.Security.Cryptography;
using ShardStore.Client.Connections;
using ShardStore.Client.Requests;
using ShardStore.Client.Routing;
using ShardStore.Resp;

namespace ShardStore.Client;

/// <summary>
/// A client of a ShardStore cluster, or of any Redis Cluster. Thread-safe; make one and share it. It keeps one
/// pipelined connection a node, follows shards as they move, and gives every call a deadline. A cancelled or late
/// call only stops waiting; the connection and all other calls go on.
/// <para>Reads throw <see cref="ClientException"/> when they fail. Writes tell their outcome in a
/// <see cref="KvResult{T}"/> instead: done, not done, or unknown.</para>
/// <para>Exactly once: on ShardStore each write carries (client, lane, request number), and a retry carries the same,
/// so a write whose answer was lost is asked for again without being applied twice. The outcome is unknown only when
/// the deadline or the tries end first. Plain Redis has no such thing: there a write whose answer is lost is unknown
/// at once, and never sent twice.</para>
/// <para>A caller who cancels a write gets <see cref="OperationCanceledException"/>; its outcome is unknown.</para>
/// </summary>
public sealed class ShardStoreClient : IAsyncDisposable
{
    private readonly ConnectionPool _pool;
    private readonly ClusterTopology _topology;
    private readonly LanePool _lanes;
    private readonly CallGate _gate;
    private readonly BatchRunner _batches;

    private ShardStoreClient(ClientOptions options)
    {
        _pool = new ConnectionPool(options);
        _topology = new ClusterTopology(options, _pool);
        var random = RandomNumberGenerator.GetBytes(12);
        _lanes = new LanePool(BitConverter.ToUInt64(random), options.LanesMax);
        var retries = new RetryPolicy(options, new Random(BitConverter.ToInt32(random, 8)));
        var runner = new CallRunner(_pool, _topology, retries, options.FollowReadWeights);
        _gate = new CallGate(options, runner, _lanes);
        _batches = new BatchRunner(_topology);
    }

    /// <summary>True when the servers apply retried writes exactly once.</summary>
    public bool AppliesWritesOnce => _gate.AppliesOnce;

    /// <summary>Connects to the first endpoint that answers and reads the cluster's map.</summary>
    /// <param name="options">Endpoints and bounds.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the text names it.</exception>
    /// <exception cref="ClientException">No endpoint answered, or one refused the log-in.</exception>
    public static async Task<ShardStoreClient> ConnectAsync(
        ClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var client = new ShardStoreClient(options);
        var ready = false;
        try
        {
            await client._topology.StartAsync(cancellationToken).ConfigureAwait(false);
            await client.DetectOnceAsync(cancellationToken).ConfigureAwait(false);
            ready = true;
            return client;
        }
        finally
        {
            if (!ready)
                await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads a key: null when it does not exist.</summary>
    /// <param name="key">The key.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ClientException">No answer could be had; <see cref="ClientException.Kind"/> says why.
    /// </exception>
    public async ValueTask<KvBytes?> GetAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        ReplyReading.Value(await ReadAsync(CommandNames.Get, key, deadline, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads a key as UTF-8 text: null when it does not exist.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async ValueTask<string?> GetStringAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        (await GetAsync(key, deadline, cancellationToken).ConfigureAwait(false))?.ToString();

    /// <summary>Reads a key with its version. ShardStore only.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async ValueTask<VersionedValue> GetVersionedAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        ReplyReading.Versioned(
            await ReadAsync(CommandNames.GetVersioned, key, deadline, cancellationToken).ConfigureAwait(false));

    /// <summary>True when the key exists.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async ValueTask<bool> ExistsAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        (await ReadAsync(CommandNames.Exists, key, deadline, cancellationToken).ConfigureAwait(false)).Integer != 0;

    /// <summary>Time until the key ends: <see cref="Timeout.InfiniteTimeSpan"/> when it has no end, null when it
    /// does not exist. Unit of the server: milliseconds.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async ValueTask<TimeSpan?> GetTimeToLiveAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        var reply = await ReadAsync(CommandNames.TimeToLive, key, deadline, cancellationToken).ConfigureAwait(false);
        return reply.Integer switch
        {
            -2 => null,
            -1 => Timeout.InfiniteTimeSpan,
            var leftMs => TimeSpan.FromMilliseconds(leftMs),
        };
    }

    /// <summary>Sets a key. Done with true; when the condition did not hold, not done and without an error.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Condition and time to live; the default sets always and for ever.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is then unknown.</param>
    public ValueTask<KvResult<bool>> SetAsync(
        KvBytes key, KvBytes value, SetOptions options = default, TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(CommandBuilder.Set(key, value, options), ReplyReading.AsSet, deadline, cancellationToken);

    /// <summary>Deletes a key. Done with true when it existed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is then unknown.</param>
    public ValueTask<KvResult<bool>> DeleteAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(
            ClientCommand.OnKey(CommandNames.Delete, CommandKind.Write, key), ReplyReading.AsFlag, deadline,
            cancellationToken);

    /// <summary>Adds to the number that a key holds, 0 when it does not exist. Done with the sum; refused when the
    /// value is not a 64-bit number or the sum would overflow.</summary>
    /// <param name="key">The key.</param>
    /// <param name="by">What to add; may be negative.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is then unknown.</param>
    public ValueTask<KvResult<long>> IncrementAsync(
        KvBytes key, long by = 1, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(
            ClientCommand.OnKey(CommandNames.IncrementBy, CommandKind.Write, key).With(CommandBuilder.Digits(by)),
            ReplyReading.AsNumber, deadline, cancellationToken);

    /// <summary>Sets a key if its version is still the expected one. Done with the new version; on a conflict not
    /// done, without an error, with the current version. ShardStore only.
    /// <para>As a lock: expect 0 and give a time to live; extend it by expecting what you got. The version is a fencing
    /// token: it only grows, also when the key ended meanwhile, so whatever the lock guards can refuse a holder that
    /// slept past its end.</para></summary>
    /// <param name="key">The key.</param>
    /// <param name="expectedVersion">The version read before; 0 = the key must not exist.</param>
    /// <param name="value">The value and, if it should end, its time to live.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is then unknown.</param>
    public ValueTask<KvResult<long>> CompareAndSetAsync(
        KvBytes key, long expectedVersion, ExpiringValue value, TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(
            CommandBuilder.CompareAndSet(key, expectedVersion, value.Value, value.TimeToLive),
            ReplyReading.AsCompareAndSet, deadline, cancellationToken);

    /// <summary>Gives a key an end. Done with true when the key exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">From the moment the cluster applies it; at least one millisecond.</param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is then unknown.</param>
    public ValueTask<KvResult<bool>> ExpireAsync(
        KvBytes key, TimeSpan timeToLive, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(
            ClientCommand.OnKey(CommandNames.Expire, CommandKind.Write, key)
                .With(CommandBuilder.Milliseconds(timeToLive)),
            ReplyReading.AsFlag, deadline, cancellationToken);

    /// <summary>Takes a key's end away. Done with true when it had one.</summary>
    /// <inheritdoc cref="DeleteAsync"/>
    public ValueTask<KvResult<bool>> PersistAsync(
        KvBytes key, TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        _gate.WriteAsync(
            ClientCommand.OnKey(CommandNames.Persist, CommandKind.Write, key), ReplyReading.AsFlag, deadline,
            cancellationToken);

    /// <summary>Reads many keys, of any shards, at once. One outcome per key, in the order asked; a read that failed
    /// is not done, with its error. The deadline holds for each key.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="deadline">Longest time for each; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<KvResult<KvBytes?>>> GetManyAsync(
        IReadOnlyList<KvBytes> keys, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return await _batches.RunAsync(
            keys.Count, i => HashSlot.Of(keys[i].Span), i => GetOneAsync(keys[i], deadline, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Sets many keys, of any shards, at once; not a transaction. One outcome per key, in the order given.
    /// The deadline holds for each key.</summary>
    /// <param name="pairs">Keys with their values. A key given twice ends with either value.</param>
    /// <param name="options">Condition and time to live, for all.</param>
    /// <param name="deadline">Longest time for each; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting; outcomes not yet known are then lost.</param>
    public async Task<IReadOnlyList<KvResult<bool>>> SetManyAsync(
        IReadOnlyList<KeyValuePair<KvBytes, KvBytes>> pairs, SetOptions options = default, TimeSpan? deadline = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return await _batches.RunAsync(
            pairs.Count, i => HashSlot.Of(pairs[i].Key.Span),
            i => SetAsync(pairs[i].Key, pairs[i].Value, options, deadline, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>All keys of the cluster, in no order. A key present during the whole scan is returned at least once,
    /// also when shards move meanwhile; one that comes or goes may or may not be.</summary>
    /// <param name="options">Pattern and page size.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <exception cref="ClientException">A node did not answer a page within the options' deadline.</exception>
    public IAsyncEnumerable<KvBytes> ScanAsync(
        ScanOptions options = default, CancellationToken cancellationToken = default) =>
        new KeyScan(_gate, _topology, options).RunAsync(cancellationToken);

    /// <summary>Runs any command.</summary>
    /// <param name="command">Name, arguments, which of them is the key, and what may be done on a lost answer.
    /// </param>
    /// <param name="deadline">Longest time, retries included; null for that of the options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ClientException">The server refused it, or no answer could be had;
    /// <see cref="ClientException.MayHaveRun"/> tells which.</exception>
    public ValueTask<RespReply> ExecuteAsync(
        RawCommand command, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var built = CommandBuilder.Raw(command);
        return built.Kind == CommandKind.Write
            ? _gate.WriteOrThrowAsync(built, deadline, cancellationToken)
            : _gate.AskAsync(new Call(built, RequestIdentity.None), deadline, cancellationToken);
    }

    /// <summary>Closes all connections. Calls under way end with an error.</summary>
    public async ValueTask DisposeAsync()
    {
        _gate.Close();
        await _topology.DisposeAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For tests: whether a live connection to the node exists.</summary>
    internal bool HasOpenConnection(NodeAddress node) => _pool.Find(node) is { IsBroken: false };

    private ValueTask<RespReply> ReadAsync(
        byte[] name, KvBytes key, TimeSpan? deadline, CancellationToken cancellationToken) =>
        _gate.AskAsync(
            new Call(ClientCommand.OnKey(name, CommandKind.Read, key), RequestIdentity.None), deadline,
            cancellationToken);

    private async ValueTask<KvResult<KvBytes?>> GetOneAsync(
        KvBytes key, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        try
        {
            var value = await GetAsync(key, deadline, cancellationToken).ConfigureAwait(false);
            return new KvResult<KvBytes?>(KvOutcome.Done, value, null);
        }
        catch (ClientException error)
        {
            return new KvResult<KvBytes?>(KvOutcome.NotDone, null, error);
        }
    }

    /// <summary>Servers that know the wrapper describe it; others answer with null or an error.</summary>
    private async Task DetectOnceAsync(CancellationToken cancellationToken)
    {
        var asking = new Call(
            ClientCommand.OnNode(CommandNames.Command, CommandNames.Info, CommandNames.Once), RequestIdentity.None);
        try
        {
            var reply = await _gate.AskAsync(asking, null, cancellationToken).ConfigureAwait(false);
            _gate.AppliesOnce = reply.Items.Length == 1 && reply.Items.Span[0].Items.Length > 0;
        }
        catch (ClientException error) when (error.Kind == ClientErrorKind.Refused)
        {
            _gate.AppliesOnce = false;
        }
    }
}
