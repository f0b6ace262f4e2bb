namespace ShardStore.Storage.Log;

/// <summary>Keeps a log's disk use within a constant factor of what is live. Space only comes back when the oldest
/// segment goes, so that a record always outlives the records it cancels. When less than half of the disk is live,
/// the live records of the oldest segment (those of idle streams) are copied into the batches being committed, a
/// bounded number each, until it holds none. A cycle over the log copies at most what is live and frees at least as
/// much, so writes are amplified at most twice.</summary>
internal sealed class LogCleaner(LogIndex index, AppendLogOptions options, ulong salt)
{
    /// <summary>Segments that may exist beyond twice the live bytes: the active one and what cleaning works on.
    /// </summary>
    public const int SlackSegments = 3;

    private const int SlotsExaminedMax = 16 * 1024;

    private LogSegment? _target;
    private ulong[] _streams = [];
    private int _streamAt;
    private ulong _positionAt;

    /// <summary>Segments up to this number are emptied however much of the disk is live: one of them is damaged.
    /// </summary>
    public ulong EmptyThrough { get; set; }

    /// <summary>Last position of a stream that cannot be read any more and is not copied; 0 = none.</summary>
    public required Func<ulong, ulong> GivenUp { get; init; }

    /// <summary>An entry of a stream, in a segment, is damaged.</summary>
    public required Action<ulong, LogSegment, StorageCorruptException> OnDamage { get; init; }

    /// <summary>Adds copies worth about <paramref name="bytesMax"/> to <paramref name="into"/>. Returns their bytes
    /// on disk.</summary>
    public long Collect(List<LogSegment> segments, long bytesMax, List<LogOperation> into)
    {
        if (segments.Count < 2 || (_target != segments[0] && !TryStart(segments)))
            return 0;
        var bytes = 0L;
        var examined = 0;
        while (_streamAt < _streams.Length && bytes < bytesMax && examined < SlotsExaminedMax)
        {
            if (index.Find(_streams[_streamAt]) is { } stream)
            {
                if (_positionAt == 0)
                    bytes += CollectBaseAndState(stream, into);
                examined += CollectEntries(stream, SlotsExaminedMax - examined, bytesMax, ref bytes, into);
                if (_positionAt <= stream.Last)
                    continue;
            }
            examined++;
            _streamAt++;
            _positionAt = 0;
        }
        if (_streamAt == _streams.Length)
            _target = null;
        return bytes;
    }

    private bool TryStart(List<LogSegment> segments)
    {
        _target = null;
        var live = 0L;
        var disk = 0L;
        foreach (var segment in segments)
        {
            live += segment.LiveBytes;
            disk += segment.Capacity;
        }
        var isForced = segments[0].Number <= EmptyThrough;
        if (!isForced && disk <= 2 * live + (long)SlackSegments * options.SegmentBytes)
            return false;
        (_target, _streams, _streamAt, _positionAt) = (segments[0], index.SortedIds(), 0, 0);
        return true;
    }

    private long CollectBaseAndState(LogStream stream, List<LogOperation> into)
    {
        var bytes = 0L;
        if (stream.BaseSegment == _target)
        {
            into.Add(new LogOperation(LogRecordType.Compact, 0, stream.Id, stream.BasePosition, stream.BaseTag));
            bytes += LogFormat.RecordHeaderBytes;
        }
        if (stream.StateSegment != _target)
            return bytes;
        into.Add(new LogOperation(LogRecordType.State, 0, stream.Id, 0, 0) { Payload = stream.State.ToArray() });
        return bytes + LogFormat.RecordHeaderBytes + stream.StateBytes;
    }

    private int CollectEntries(
        LogStream stream, int slotsMax, long bytesMax, ref long bytes, List<LogOperation> into)
    {
        var examined = 0;
        _positionAt = Math.Max(_positionAt, stream.First);
        var givenUp = GivenUp(stream.Id);
        for (; _positionAt <= stream.Last && examined < slotsMax && bytes < bytesMax; _positionAt++, examined++)
        {
            ref var slot = ref stream[_positionAt];
            if (slot.Segment != _target || _positionAt <= givenUp)
                continue;
            if (!TryReadPayload(slot, stream.Id, out var payload))
            {
                givenUp = GivenUp(stream.Id);
                continue;
            }
            into.Add(new LogOperation(LogRecordType.EntryCopy, slot.Kind, stream.Id, _positionAt, slot.Tag)
            {
                Payload = payload,
            });
            bytes += slot.RecordBytes;
        }
        return examined;
    }

    /// <summary>From memory, or from the disk with its checksum compared: damage is not copied.</summary>
    private bool TryReadPayload(in LogSlot slot, ulong stream, out ReadOnlyMemory<byte> payload)
    {
        payload = slot.Payload;
        if (slot.IsCached)
            return true;
        try
        {
            payload = LogRecordReader.ReadPayload(slot, salt, stream, _positionAt);
            return true;
        }
        catch (StorageCorruptException damage)
        {
            OnDamage(stream, slot.Segment!, damage);
            return false;
        }
    }
}
