using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>The segment files of a log, oldest first: makes new ones and deletes dead ones. Used by the committing
/// thread; only pins and live counts are shared, under the log's gate.</summary>
internal sealed class LogSegments(IFileSystem files, string directory, int segmentBytes, ulong salt) : IDisposable
{
    // EIO: no lack of space, and waiting for room would hide it.
    private const int InputOutputError = 5;

    private long _diskBytes;

    // The end of each segment is kept for batches without entries: states and compaction, which frees space.
    private int ReserveBytes => segmentBytes / 64;

    public List<LogSegment> All { get; } = [];

    public LogSegment Active => All[^1];

    /// <summary>Into segments up to this number nothing is written any more.</summary>
    public ulong SealedThrough { get; set; }

    public long DiskBytes => Volatile.Read(ref _diskBytes);

    public void Add(LogSegment segment)
    {
        All.Add(segment);
        Volatile.Write(ref _diskBytes, _diskBytes + segment.Capacity);
    }

    public bool HasRoom(int frameBytes, bool withEntries) =>
        All.Count > 0 && Active.Number > SealedThrough
        && Active.Capacity - Active.Tail >= frameBytes + (withEntries ? ReserveBytes : 0);

    /// <summary>Makes sure that a batch fits into the active segment. Throws <see cref="LogSpaceException"/> when
    /// there is no room for another one; then nothing has changed.</summary>
    public void EnsureRoom(int frameBytes, bool withEntries, ulong sequence)
    {
        if (HasRoom(frameBytes, withEntries))
            return;
        var number = All.Count == 0 ? 1 : Active.Number + 1;
        var wanted = LogFormat.SegmentHeaderBytes + (long)frameBytes + ReserveBytes;
        Add(Create(number, sequence, checked((int)Math.Max(segmentBytes, wanted))));
    }

    /// <summary>Deletes segments without live records from the old end, each durably before the next: a gap in the
    /// numbers would look like a lost file.</summary>
    public void DeleteDead(Lock gate)
    {
        while (All.Count > 1)
        {
            var oldest = All[0];
            lock (gate)
            {
                if (oldest.LiveRecords > 0 || oldest.Pins > 0)
                    return;
                All.RemoveAt(0);
            }
            oldest.Dispose();
            files.Delete(oldest.File.Path);
            files.SyncDirectory(directory);
            Volatile.Write(ref _diskBytes, _diskBytes - oldest.Capacity);
        }
    }

    public void Dispose()
    {
        foreach (var segment in All)
            segment.Dispose();
    }

    private LogSegment Create(ulong number, ulong sequence, int capacity)
    {
        var path = Path.Combine(directory, LogSegment.NameOf(number));
        IFile? file = null;
        try
        {
            // A file of this name can only be what an attempt without space left behind.
            if (files.FileExists(path))
                files.Delete(path);
            file = files.Create(path);
            file.Preallocate(capacity);
            Span<byte> header = stackalloc byte[LogFormat.SegmentHeaderBytes];
            LogSegment.WriteHeader(header, new LogSegmentHeader(salt, number, sequence));
            file.WriteAt(0, header);
        }
        catch (IOException error) when (error.HResult != InputOutputError)
        {
            file?.Dispose();
            if (files.FileExists(path))
                files.Delete(path);
            throw new LogSpaceException(directory, capacity, error);
        }
        file.Sync();
        files.SyncDirectory(directory);
        return new LogSegment(file, number, capacity);
    }
}
