using System.Diagnostics;
using System.Runtime.InteropServices;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>One log on disk for all streams of a node. A commit writes the records of any number of streams at once
/// and syncs once: that is what makes many small replicated groups fast. One thread commits; any thread reads, and
/// no lock is held across I/O. The first failed write or sync ends the log: every later call throws, because only a
/// restart can tell what is durable. The format and the way it is recovered: <see cref="LogFormat"/>,
/// <see cref="LogRecovery"/>; how space comes back: <see cref="LogCleaner"/>.</summary>
public sealed class AppendLog : IDisposable
{
    private readonly Lock _commitGate = new();

    // Guards the index and the segments' pins and live counts. The committing thread reads the index without it,
    // because it alone changes it.
    private readonly Lock _gate = new();
    private readonly LogIndex _index;
    private readonly LogSegments _segments;
    private readonly LogCleaner _cleaner;
    private readonly LogBatchCheck _check;
    private readonly LogFrame _frame;
    private readonly LogEvacuation _evacuation = new();
    private readonly AppendLogOptions _options;
    private readonly ulong _salt;
    private readonly List<LogOperation> _operations = [];
    private ulong _sequence;
    private volatile Exception? _failure;

    private AppendLog(LogRecovery recovered, LogSegments segments, AppendLogOptions options)
    {
        _options = options;
        _index = recovered.Index;
        _segments = segments;
        _salt = recovered.Salt;
        _sequence = recovered.NextSequence;
        _cleaner = new LogCleaner(_index, options, _salt) { GivenUp = GivenUp, OnDamage = GiveUp };
        _check = new LogBatchCheck(_index);
        _frame = new LogFrame(_salt);
    }

    /// <summary>Bytes reserved by all segment files.</summary>
    public long DiskBytes => _segments.DiskBytes;

    public LogCounters Counters { get; } = new();

    /// <summary>Opens the log of a directory, or makes an empty one. A batch torn by a crash is cut off; damage
    /// anywhere before the last batch throws <see cref="StorageCorruptException"/> and changes nothing.</summary>
    public static AppendLog Open(IFileSystem files, string directory, AppendLogOptions options)
    {
        options.Validate();
        var recovery = new LogRecovery(files, directory, options);
        return new AppendLog(recovery, recovery.Run(), options);
    }

    /// <summary>Makes the batch durable and then visible. An ArgumentException (a position out of order) or a
    /// <see cref="LogSpaceException"/> leaves the log as it was; any other exception ends it. Each segment keeps a
    /// reserve for batches without entries, so that a full disk can still be compacted.</summary>
    public void Commit(LogBatch batch)
    {
        lock (_commitGate)
        {
            ThrowIfFailed();
            if (batch.Count == 0)
                return;
            var isPrepared = false;
            try
            {
                var copiedBytes = Prepare(batch);
                isPrepared = true;
                Counters.CountCommit(_frame.Bytes.Length, copiedBytes, WriteFrame());
                Publish();
            }
            catch (Exception error) when (isPrepared || error is not (ArgumentException or LogSpaceException))
            {
                _failure = error;
                if (error is FatalStorageException or StorageCorruptException)
                    throw;
                throw new FatalStorageException("commit", "the log", 0, error);
            }
        }
    }

    /// <summary>The streams that hold entries, a base or a state, in ascending order.</summary>
    public IReadOnlyList<ulong> Streams()
    {
        ThrowIfFailed();
        lock (_gate)
            return _index.SortedIds();
    }

    /// <summary>First position held, or the one that comes next when none is.</summary>
    public ulong FirstPosition(ulong stream)
    {
        ThrowIfFailed();
        lock (_gate)
            return _index.Find(stream)?.First ?? 1;
    }

    /// <summary>Last position, or <see cref="FirstPosition"/> - 1 when none is held.</summary>
    public ulong LastPosition(ulong stream)
    {
        ThrowIfFailed();
        lock (_gate)
            return _index.Find(stream)?.Last ?? 0;
    }

    /// <summary>Position and tag just before <see cref="FirstPosition"/>: where the log was compacted or a snapshot
    /// was installed; (0, 0) at the start.</summary>
    public (ulong Position, ulong Tag) Base(ulong stream)
    {
        ThrowIfFailed();
        lock (_gate)
            return _index.Find(stream) is { } found ? (found.BasePosition, found.BaseTag) : (0, 0);
    }

    /// <summary>Tag of a position from the base to the last; false outside.</summary>
    public bool TryGetTag(ulong stream, ulong position, out ulong tag)
    {
        ThrowIfFailed();
        tag = 0;
        lock (_gate)
            return _index.Find(stream)?.TryGetTag(position, out tag) ?? position == 0;
    }

    /// <summary>A copy of the latest state; empty if there is none.</summary>
    public ReadOnlyMemory<byte> State(ulong stream)
    {
        ThrowIfFailed();
        lock (_gate)
            return _index.Find(stream) is { } found ? found.State.ToArray() : default;
    }

    /// <summary>Adds entries from <paramref name="from"/> to <paramref name="to"/>, both included, to
    /// <paramref name="into"/> until their payloads exceed <paramref name="bytesMax"/>, but at least one. Returns
    /// their number: 0 when <paramref name="from"/> is not held.</summary>
    public int Read(ulong stream, ulong from, ulong to, long bytesMax, List<LogRecord> into)
    {
        ThrowIfFailed();
        var start = into.Count;
        List<UncachedEntry>? uncached = null;
        lock (_gate)
        {
            if (_index.Find(stream) is not { } found || !found.Holds(from))
                return 0;
            var bytes = 0L;
            for (var position = from; position <= to && found.Holds(position); position++)
            {
                ref var slot = ref found[position];
                bytes += slot.PayloadBytes;
                if (into.Count > start && bytes > bytesMax)
                    break;
                into.Add(new LogRecord(position, slot.Tag, slot.Kind, slot.Payload));
                if (slot.IsCached)
                    continue;
                slot.Segment!.Pins++;
                (uncached ??= []).Add(new UncachedEntry(into.Count - 1, slot));
            }
        }
        if (uncached is not null)
            ReadUncached(stream, uncached, into);
        return into.Count - start;
    }

    /// <summary>Reads all that is durable again, in the background. Damage it meets is in <see cref="Damage"/> from
    /// then on, and the commits that follow move what is live away from it.</summary>
    public IScrub OpenScrub() => new LogScrub(this, _salt);

    /// <summary>Segments in which something is damaged and that are not gone yet, oldest first.</summary>
    public IReadOnlyList<LogDamage> Damage
    {
        get
        {
            lock (_gate)
                return _evacuation.Damage;
        }
    }

    /// <summary>Damage found since the log was opened but for the first <paramref name="count"/>, gone or
    /// not.</summary>
    public IReadOnlyList<LogDamage> DamageSeenAfter(int count)
    {
        lock (_gate)
            return _evacuation.SeenAfter(count);
    }

    /// <summary>For each stream with entries that cannot be read any more, or lie beside such in a damaged segment, the
    /// last position of those. They hold the segment on the disk until the stream's base has passed them.</summary>
    public IReadOnlyList<(ulong Stream, ulong Position)> Unreadable()
    {
        lock (_gate)
            return _evacuation.Unreadable(_index);
    }

    /// <summary>The newest segment and up to where it is durable.</summary>
    internal (ulong Number, int End) End()
    {
        lock (_commitGate)
            return _segments.All.Count == 0 ? default : (_segments.Active.Number, _segments.Active.Tail);
    }

    /// <summary>Holds the first segment behind a number, so that it can be read without a lock; null when there is
    /// none. <paramref name="end"/>: up to there it is durable.</summary>
    internal LogSegment? PinNext(ulong number, out int end) => Pin(segment => segment.Number > number, out end);

    /// <summary>The same for one segment.</summary>
    internal LogSegment? Pin(ulong number, out int end) => Pin(segment => segment.Number == number, out end);

    internal void Unpin(LogSegment segment)
    {
        lock (_gate)
            segment.Pins--;
    }

    internal void NoteDamage(ulong segment, StorageCorruptException failure)
    {
        lock (_gate)
            _evacuation.TryAdd(segment, failure);
    }

    public void Dispose()
    {
        lock (_commitGate)
        {
            _failure ??= new ObjectDisposedException(nameof(AppendLog));
            _segments.Dispose();
        }
    }

    // Everything that may fail without consequence: afterwards the frame is complete and has its room. Returns the
    // bytes of live records moved along.
    private long Prepare(LogBatch batch)
    {
        _segments.DeleteDead(_gate);
        SkipDamage();
        _operations.Clear();
        var copiedBytes = _cleaner.Collect(
            _segments.All, _options.CleanBytesMax + (2 * batch.Bytes), _operations);
        Encode(batch, copiedBytes);
        if (copiedBytes > 0 && !batch.HasEntries && !_segments.HasRoom(_frame.Bytes.Length, withEntries: true))
        {
            // On a full disk compaction must still get through, with the reserve; moving records can wait.
            _operations.Clear();
            copiedBytes = 0;
            Encode(batch, copiedBytes);
        }
        _segments.EnsureRoom(_frame.Bytes.Length, batch.HasEntries || copiedBytes > 0, _sequence);
        return copiedBytes;
    }

    // Nothing more is written into a damaged segment, and all up to it are emptied.
    private void SkipDamage()
    {
        lock (_gate)
        {
            if (_evacuation.Through > 0 && _segments.All.Count > 0)
                _evacuation.OnOldest(_segments.All[0].Number);
            _cleaner.EmptyThrough = _segments.SealedThrough = _evacuation.Through;
        }
    }

    private ulong GivenUp(ulong stream)
    {
        lock (_gate)
            return _evacuation.GivenUp(stream);
    }

    // An entry cannot be read. Its neighbours in the segment are given up with it: whoever checkpoints past one passes
    // them too, and a disk with a bad spot is not asked for each of them.
    private void GiveUp(ulong stream, LogSegment segment, StorageCorruptException failure)
    {
        lock (_gate)
        {
            _evacuation.TryAdd(segment.Number, failure);
            if (_index.Find(stream) is { } found)
                _evacuation.GiveUp(stream, found.LastIn(segment));
        }
    }

    private ReadOnlyMemory<byte> ReadPayload(in LogSlot slot, ulong stream, ulong position)
    {
        try
        {
            return LogRecordReader.ReadPayload(slot, _salt, stream, position);
        }
        catch (StorageCorruptException damage)
        {
            GiveUp(stream, slot.Segment!, damage);
            throw;
        }
    }

    private LogSegment? Pin(Predicate<LogSegment> wanted, out int end)
    {
        end = 0;
        // The end of a segment moves while a batch is committed.
        lock (_commitGate)
        {
            lock (_gate)
            {
                if (_failure is not null || _segments.All.Find(wanted) is not { } segment)
                    return null;
                segment.Pins++;
                end = segment.Tail;
                return segment;
            }
        }
    }

    private void Encode(LogBatch batch, long copiedBytes)
    {
        _check.Resolve(batch.Operations, _operations);
        _frame.Begin(batch.Bytes + copiedBytes);
        foreach (ref readonly var operation in CollectionsMarshal.AsSpan(_operations))
            _frame.Add(operation, _sequence);
        _frame.End(_sequence);
    }

    private TimeSpan WriteFrame()
    {
        var segment = _segments.Active;
        segment.File.WriteAt(segment.Tail, _frame.Bytes);
        var started = Stopwatch.GetTimestamp();
        segment.File.Sync();
        return Stopwatch.GetElapsedTime(started);
    }

    private void Publish()
    {
        var segment = _segments.Active;
        lock (_gate)
        {
            for (var i = 0; i < _operations.Count; i++)
            {
                var operation = _operations[i];
                _index.Apply(operation, new LogPlace(
                    segment, segment.Tail + _frame.OffsetOf(i), operation.Payload.Length));
                if (operation.Type == LogRecordType.Entry)
                    _evacuation.OnRewritten(operation.Stream, operation.Position);
            }
        }
        segment.Tail += _frame.Bytes.Length;
        _sequence++;
        _operations.Clear();
    }

    private void ReadUncached(ulong stream, List<UncachedEntry> uncached, List<LogRecord> into)
    {
        try
        {
            foreach (var entry in uncached)
            {
                var record = into[entry.At];
                var payload = ReadPayload(entry.Slot, stream, record.Position);
                into[entry.At] = record with { Payload = payload };
                Counters.CountDiskRead();
            }
        }
        finally
        {
            lock (_gate)
            {
                foreach (var entry in uncached)
                    entry.Slot.Segment!.Pins--;
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw failure is ObjectDisposedException
                ? new ObjectDisposedException(nameof(AppendLog))
                : new FatalStorageException("an earlier commit", "the log", 0, failure);
    }

    private readonly record struct UncachedEntry(int At, LogSlot Slot);
}
