namespace ShardStore.Storage.Log;

/// <summary>All streams of a log and the cache of recent payloads. Not thread-safe: the log's gate guards it.
/// <see cref="Apply"/> is the only way it changes, for new records and for those that recovery reads, so that a
/// restart sees what was seen before.</summary>
internal sealed class LogIndex(long cacheBytesMax)
{
    private readonly Dictionary<ulong, LogStream> _streams = [];

    // Oldest first. May name entries that are gone or were replaced; then eviction only corrects the count.
    private readonly Queue<CachedPayload> _cached = new();
    private long _cachedBytes;

    public IEnumerable<LogStream> Streams => _streams.Values;

    public LogStream? Find(ulong stream) => _streams.GetValueOrDefault(stream);

    public ulong[] SortedIds()
    {
        var ids = _streams.Keys.ToArray();
        Array.Sort(ids);
        return ids;
    }

    /// <summary>Takes one durable record into account. <paramref name="operation"/>'s payload may be empty for an
    /// entry: then it is read from disk when asked for.</summary>
    public void Apply(in LogOperation operation, LogPlace place)
    {
        if (operation.Type == LogRecordType.Drop)
        {
            if (_streams.Remove(operation.Stream, out var dropped))
                dropped.Drop();
            return;
        }
        var stream = FindOrAdd(operation.Stream);
        switch (operation.Type)
        {
            case LogRecordType.Entry:
                stream.DropFrom(operation.Position);
                PlaceEntry(stream, operation, place);
                break;
            case LogRecordType.EntryCopy:
                PlaceEntry(stream, operation, place);
                break;
            case LogRecordType.State:
                stream.SetState(operation.Payload.Span, place.Segment);
                break;
            case LogRecordType.Compact:
                stream.DropThrough(operation.Position);
                stream.SetBase(operation.Position, operation.Tag, place.Segment);
                break;
            case LogRecordType.Reset:
                stream.DropFrom(0);
                stream.SetBase(operation.Position, operation.Tag, place.Segment);
                break;
            default:
                throw new InvalidOperationException($"record type {operation.Type} cannot be applied");
        }
    }

    private LogStream FindOrAdd(ulong id)
    {
        if (!_streams.TryGetValue(id, out var stream))
            _streams.Add(id, stream = new LogStream(id));
        return stream;
    }

    private void PlaceEntry(LogStream stream, in LogOperation operation, LogPlace place)
    {
        var payload = operation.Payload;
        var isCopy = operation.Type == LogRecordType.EntryCopy;
        if (isCopy && stream.Holds(operation.Position))
            payload = stream[operation.Position].Payload;
        stream.Place(operation.Position, new LogSlot
        {
            Tag = operation.Tag,
            Segment = place.Segment,
            Offset = place.Offset,
            PayloadBytes = place.PayloadBytes,
            Kind = operation.Kind,
            Payload = payload,
        });
        if (!isCopy && !payload.IsEmpty)
            Remember(stream.Id, operation.Position, payload.Length);
    }

    private void Remember(ulong stream, ulong position, int bytes)
    {
        _cached.Enqueue(new CachedPayload(stream, position, bytes));
        _cachedBytes += bytes;
        while (_cachedBytes > cacheBytesMax)
        {
            var oldest = _cached.Dequeue();
            _cachedBytes -= oldest.Bytes;
            if (Find(oldest.Stream) is { } owner && owner.Holds(oldest.Position))
                owner[oldest.Position].Payload = default;
        }
    }

    private readonly record struct CachedPayload(ulong Stream, ulong Position, int Bytes);
}
