using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>Reads a log back. Batches are numbered without gaps and each is synced before the next is written, so
/// only the last one can be torn. The scan of a segment stops at the first bytes that are not the next batch. In the
/// newest segment they are cut off, but only if no later batch follows anywhere behind them: one that does proves
/// that the batch here had been synced and was damaged since. In an older segment the next one's first batch number
/// gives the same proof. What is cut is zeroed, so that the next start does not have to judge it again.</summary>
internal sealed class LogRecovery(IFileSystem files, string directory, AppendLogOptions options)
{
    private readonly List<FoundSegment> _found = [];

    public LogIndex Index { get; } = new(options.CacheBytesMax);
    public ulong Salt { get; private set; }
    public ulong NextSequence { get; private set; } = 1;

    /// <summary>Reads everything; the segments belong to the caller. When it throws, nothing was changed that
    /// matters and every file is closed.</summary>
    public LogSegments Run()
    {
        try
        {
            return Recover();
        }
        catch
        {
            foreach (var found in _found)
                found.Segment.Dispose();
            throw;
        }
    }

    private LogSegments Recover()
    {
        if (!files.DirectoryExists(directory))
            files.CreateDirectory(directory);
        OpenSegments();
        Salt = _found.Count > 0 ? _found[0].Header.Salt : options.Salt != 0 ? options.Salt : DrawSalt();
        if (_found.Count > 0)
            NextSequence = _found[0].Header.FirstSequence;
        for (var i = 0; i < _found.Count; i++)
            ReadSegment(i);
        CheckComplete();
        if (_found.Count > 0)
            MakeDurable(_found[^1].Segment);
        var segments = new LogSegments(files, directory, options.SegmentBytes, Salt);
        foreach (var found in _found)
            segments.Add(found.Segment);
        return segments;
    }

    private static ulong DrawSalt() => BitConverter.ToUInt64(
        System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private void OpenSegments()
    {
        var numbers = SegmentNumbers();
        for (var i = 0; i < numbers.Count; i++)
        {
            if (i > 0 && numbers[i] != numbers[i - 1] + 1)
                throw new StorageCorruptException(PathOf(numbers[i - 1] + 1), 0,
                    "this segment is missing between others");
            OpenSegment(numbers[i], isNewest: i == numbers.Count - 1);
        }
    }

    private void OpenSegment(ulong number, bool isNewest)
    {
        var file = files.Open(PathOf(number));
        var segment = new LogSegment(file, number, checked((int)file.Length));
        Span<byte> bytes = stackalloc byte[LogFormat.SegmentHeaderBytes];
        var isWhole = file.ReadAt(0, bytes) == bytes.Length;
        try
        {
            if (isWhole && LogSegment.TryReadHeader(bytes, file.Path, out var header) && header.Number == number)
            {
                _found.Add(new FoundSegment(segment, header));
                return;
            }
        }
        catch (StorageVersionException)
        {
            segment.Dispose();
            throw;
        }
        DiscardUnfinished(file, isNewest);
    }

    private string PathOf(ulong number) => Path.Combine(directory, LogSegment.NameOf(number));

    private List<ulong> SegmentNumbers()
    {
        var numbers = new List<ulong>();
        foreach (var name in files.ListFiles(directory))
            if (LogSegment.TryParseName(name, out var number))
                numbers.Add(number);
        numbers.Sort();
        return numbers;
    }

    // A crash while a segment was being made leaves no valid header, and no batch: those come after the header was
    // synced. Anything else without a header is damage.
    private void DiscardUnfinished(IFile file, bool isNewest)
    {
        var isEmpty = FirstNonZero(new LogSegmentWindow(file), LogFormat.SegmentHeaderBytes) < 0;
        file.Dispose();
        if (!isNewest || !isEmpty)
            throw new StorageCorruptException(file.Path, 0, "a segment header was expected");
        files.Delete(file.Path);
        files.SyncDirectory(directory);
    }

    private void ReadSegment(int at)
    {
        var (segment, header) = _found[at];
        if (header.FirstSequence != NextSequence || header.Salt != Salt)
            throw new StorageCorruptException(segment.File.Path, 0,
                $"batch {NextSequence} of log {Salt:x16} was expected, not batch {header.FirstSequence} of log "
                + $"{header.Salt:x16}");
        var window = new LogSegmentWindow(segment.File);
        while (TryReadBatch(window, segment))
        {
            // Each call reads one batch and moves the tail behind it.
        }
        if (at < _found.Count - 1)
            CheckSealed(segment, _found[at + 1].Header);
        else
            CheckNothingFollows(window, segment);
    }

    private bool TryReadBatch(LogSegmentWindow window, LogSegment segment)
    {
        var head = window.At(segment.Tail, LogFormat.BatchHeaderBytes);
        if (!LogFormat.TryReadBatchHeader(head, Salt, out var header) || header.Sequence != NextSequence)
            return false;
        var body = window.At(segment.Tail + LogFormat.BatchHeaderBytes, header.BodyBytes);
        if (body.Length < header.BodyBytes || !IsIntact(body, header))
            return false;
        ApplyBatch(body, header, segment);
        segment.Tail += LogFormat.BatchHeaderBytes + header.BodyBytes;
        NextSequence++;
        return true;
    }

    // Checked as a whole before any record is applied: a torn batch must leave no trace.
    private bool IsIntact(ReadOnlySpan<byte> body, LogBatchHeader header)
    {
        for (var i = 0; i < header.Records; i++)
        {
            if (!LogRecordCodec.TryRead(body, Salt, header.Sequence, out _, out var payloadBytes))
                return false;
            body = body[(LogFormat.RecordHeaderBytes + payloadBytes)..];
        }
        return body.Length < LogFormat.Alignment && !body.ContainsAnyExcept((byte)0);
    }

    private void ApplyBatch(ReadOnlySpan<byte> body, LogBatchHeader header, LogSegment segment)
    {
        var offset = 0;
        for (var i = 0; i < header.Records; i++)
        {
            var isRecord = LogRecordCodec.TryRead(
                body[offset..], Salt, header.Sequence, out var operation, out var payloadBytes);
            if (!isRecord || !Enum.IsDefined(operation.Type))
                throw new StorageCorruptException(segment.File.Path, segment.Tail + offset,
                    $"a record type of version {LogFormat.Version} was expected");
            if (operation.Type == LogRecordType.State)
            {
                var state = body.Slice(offset + LogFormat.RecordHeaderBytes, payloadBytes).ToArray();
                operation = operation with { Payload = state };
            }
            Index.Apply(operation, new LogPlace(
                segment, segment.Tail + LogFormat.BatchHeaderBytes + offset, payloadBytes));
            offset += LogFormat.RecordHeaderBytes + payloadBytes;
        }
    }

    private void CheckSealed(LogSegment segment, LogSegmentHeader next)
    {
        if (next.FirstSequence != NextSequence)
            throw new StorageCorruptException(segment.File.Path, segment.Tail,
                $"batch {NextSequence} was expected: the next segment begins with batch {next.FirstSequence}");
    }

    private void CheckNothingFollows(LogSegmentWindow window, LogSegment segment)
    {
        var from = FirstNonZero(window, segment.Tail);
        if (from < 0)
            return;
        for (var offset = from & -LogFormat.Alignment; offset < window.Length; offset += LogFormat.Alignment)
        {
            var head = window.At(offset, LogFormat.BatchHeaderBytes);
            if (LogFormat.TryReadBatchHeader(head, Salt, out var header) && header.Sequence > NextSequence)
                throw new StorageCorruptException(segment.File.Path, segment.Tail,
                    $"batch {NextSequence} was expected and was durable: batch {header.Sequence} follows at {offset}");
        }
    }

    // What a killed process wrote but did not sync was just read from the cache of the system, and the caller will
    // build on it: it must be durable before anyone hears of it.
    private void MakeDurable(LogSegment segment)
    {
        CutTail(segment);
        segment.File.Sync();
        files.SyncDirectory(directory);
    }

    private void CutTail(LogSegment segment)
    {
        var isClean = FirstNonZero(new LogSegmentWindow(segment.File), segment.Tail) < 0;
        if (isClean && segment.Capacity >= options.SegmentBytes)
            return;
        segment.File.SetLength(segment.Tail);
        segment.Capacity = segment.Tail;
        try
        {
            segment.File.Preallocate(Math.Max(options.SegmentBytes, segment.Tail));
            segment.Capacity = Math.Max(options.SegmentBytes, segment.Tail);
        }
        catch (IOException)
        {
            // A full disk must not keep the log from being read: the segment is taken as full, and the next commit
            // says that there is no space.
            segment.File.SetLength(segment.Tail);
        }
    }

    private static long FirstNonZero(LogSegmentWindow window, long from)
    {
        const int Step = 64 * 1024;
        for (var offset = from; offset < window.Length; offset += Step)
        {
            var at = window.At(offset, Step).IndexOfAnyExcept((byte)0);
            if (at >= 0)
                return offset + at;
        }
        return -1;
    }

    // Every stream must have all entries from its base on: a hole means that something was lost unnoticed.
    private void CheckComplete()
    {
        foreach (var stream in Index.Streams)
        {
            for (var position = stream.BasePosition + 1; position <= stream.Last; position++)
                if (!stream.Holds(position) || stream[position].Segment is null)
                    throw new StorageCorruptException(directory, 0,
                        $"an entry of stream {stream.Id} at position {position} was expected");
        }
    }

    private readonly record struct FoundSegment(LogSegment Segment, LogSegmentHeader Header);
}
