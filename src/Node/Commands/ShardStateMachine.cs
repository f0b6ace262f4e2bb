using System.Buffers;
using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>The state behind one shard replica. Deterministic: the same entries in the same order give the same
/// records, replies and clock on every replica. It reads no clock; time comes in with the leader's entries, and only
/// grows. Used by the group's thread only.</summary>
public sealed class ShardStateMachine
{
    /// <summary>Commands in one entry, at most: the place of a command in its entry is part of the version it
    /// writes.</summary>
    public const int CommandsPerEntryMax = 1 << OrdinalBits;

    /// <summary>Redis' limit. A store that takes less is given its own limit by the caller. Unit: bytes.</summary>
    public const int DefaultValueBytesMax = 512 * 1024 * 1024;

    private const int OrdinalBits = 12;

    private readonly ExpiryTracker _expiry;
    private readonly ShardContext _context;
    private readonly RespWriter _unseen = new();
    private int[] _ends = new int[16];

    /// <param name="store">The replica's records.</param>
    /// <param name="clockMs">Of the checkpoint the store was opened from; 0 for a new one.</param>
    /// <param name="valueBytesMax">Longest value; must be equal on all replicas.</param>
    public ShardStateMachine(IKeyValueStore store, long clockMs = 0, int valueBytesMax = DefaultValueBytesMax)
    {
        Store = store;
        ClockMs = clockMs;
        _expiry = new ExpiryTracker(store);
        var tag = System.Security.Cryptography.RandomNumberGenerator.GetInt32(1 << 16);
        _context = new ShardContext(new Keyspace(store, _expiry), new ScanCursors(tag), valueBytesMax);
    }

    public IKeyValueStore Store { get; }

    /// <summary>Highest leader time applied; part of every checkpoint. Unit: Unix milliseconds.</summary>
    public long ClockMs { get; private set; }

    /// <summary>Executes a read-only command into the request's reply; does not complete it. False when the reply
    /// rests on <paramref name="nowMs"/> where the log's clock has not got yet: it found a key expired that a node
    /// whose clock is behind would still show. Then the reply may not be given; the read belongs into an entry, which
    /// carries the clock.</summary>
    public bool Read(ClientRequest request, long nowMs)
    {
        var keys = _context.Keys;
        keys.NowMs = Math.Max(nowMs, ClockMs);
        keys.AgreedMs = ClockMs;
        keys.RanAhead = false;
        _context.Reply = request.Reply;
        request.Spec.OnShard!(_context, request.Arguments.List);
        return !keys.RanAhead;
    }

    /// <summary>Many requests become one entry, at most <see cref="CommandsPerEntryMax"/>. Reads among them are not in
    /// its bytes: <see cref="Apply"/> serves them at their place.</summary>
    public void Encode(IReadOnlyList<ClientRequest> requests, long nowMs, IBufferWriter<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests.Count, CommandsPerEntryMax);
        EntryCodec.WriteCommands(requests, Math.Max(nowMs, ClockMs), into);
    }

    /// <summary>Executes an entry's commands in order. On the leader that proposed it <paramref name="waiting"/> holds
    /// the requests it was encoded from, reads included, and gets the replies; the caller completes them.</summary>
    public void Apply(ulong index, ReadOnlySpan<byte> payload, IReadOnlyList<ClientRequest>? waiting)
    {
        var reader = new EntryReader(index, payload);
        ClockMs = Math.Max(ClockMs, reader.ClockMs);
        _context.Keys.NowMs = _context.Keys.AgreedMs = ClockMs;
        _context.Keys.Version = index << OrdinalBits;
        if (reader.Kind == EntryCodec.KindExpiry)
            ApplyExpiry(ref reader);
        else
            ApplyCommands(ref reader, index, waiting);
        reader.ExpectEnd();
    }

    /// <summary>For the leader, now and then: an entry that deletes what has expired. False, and nothing written,
    /// when nothing has.</summary>
    public bool TryEncodeExpiry(long nowMs, int keysMax, IBufferWriter<byte> into)
    {
        var now = Math.Max(nowMs, ClockMs);
        var keys = _expiry.Collect(Store, now, keysMax);
        if (keys.Count == 0)
            return false;
        EntryCodec.WriteExpiry(keys, now, into);
        return true;
    }

    private void ApplyCommands(ref EntryReader reader, ulong index, IReadOnlyList<ClientRequest>? waiting)
    {
        if (reader.Count > CommandsPerEntryMax)
            reader.Throw($"holds {reader.Count} commands; at most {CommandsPerEntryMax} are allowed");
        var next = 0;
        for (var i = 0; i < reader.Count; i++)
        {
            ServeReads(waiting, ref next);
            var arguments = reader.ReadCommand(ref _ends, out var protocol);
            // The name is looked up anew: an entry outlives the process and the version that wrote it.
            var spec = CommandTable.Resolve(arguments);
            if (spec?.OnShard == null || !spec.TakesCount(arguments.Count))
                reader.Throw($"holds a command this node does not know: {RespErrorText.Show(arguments[0])}");
            _context.Keys.Version = (index << OrdinalBits) | (uint)i;
            _context.Reply = ReplyFor(waiting, next++, protocol);
            spec.OnShard(_context, arguments);
        }
        ServeReads(waiting, ref next);
    }

    private void ServeReads(IReadOnlyList<ClientRequest>? waiting, ref int next)
    {
        while (waiting != null && next < waiting.Count && !waiting[next].IsWrite)
            Read(waiting[next++], ClockMs);
    }

    private RespWriter ReplyFor(IReadOnlyList<ClientRequest>? waiting, int place, int protocol)
    {
        if (waiting != null)
            return waiting[place].Reply;
        _unseen.Clear();
        _unseen.Protocol = protocol;
        return _unseen;
    }

    private void ApplyExpiry(ref EntryReader reader)
    {
        for (var i = 0; i < reader.Count; i++)
        {
            var key = reader.ReadKey(out var space);
            if (Store.TryRead(space, key, _context.Keys.Record)
                && _context.Keys.IsExpired(_context.Keys.Record.ExpireAtMs))
                Store.Delete(space, key, _context.Keys.Version);
        }
    }
}
