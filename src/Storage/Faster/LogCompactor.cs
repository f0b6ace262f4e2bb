using System.Buffers;
using FASTER.core;
using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Faster;

/// <summary>Gives dead log space back: takes records off the log's front, writes the live ones to its end and moves
/// the front. Each write pays a little while dead bytes dominate, so no pause is long and no second thread touches
/// the log. The files go when the next checkpoint no longer needs them. A page that comes from the disk is compared
/// with its checksum first: records have checksums of their own, but what joins them has none, and a walk that a
/// flipped bit leads past a live record would drop it for good.</summary>
internal sealed class LogCompactor(ShardLog log, long slackBytes)
{
    /// <summary>Log bytes looked at for each byte written while over the limit: the front outruns the end even when
    /// all it meets is live at first.</summary>
    private const int BytesPerByteWritten = 4;
    private readonly ReadSink _sink = new();
    private readonly byte[] _part = new byte[RecordCodec.PartBytesMax];
    private byte[] _copy = new byte[1024];
    private long _tailSeen = log.TailAddress;
    private long _owedBytes;

    /// <summary>Called after each write, never while a checkpoint is on its way. <paramref name="newest"/>: the newest
    /// durable checkpoint. Throws <see cref="StorageCorruptException"/> when the next page is damaged; then the log is
    /// as it was.</summary>
    public void Pay(in StoreCounters counters, CheckpointManifest? newest)
    {
        long tail = log.TailAddress;
        long written = tail - _tailSeen;
        _tailSeen = tail;
        if (written == 0 || tail - log.BeginAddress <= LimitBytes(counters))
            return;
        _owedBytes += written * BytesPerByteWritten;
        long stepBytes = StepBytes();
        if (_owedBytes < stepBytes)
            return;
        _owedBytes -= stepBytes;
        Step(stepBytes, newest);
        _tailSeen = log.TailAddress;
    }

    private long LimitBytes(in StoreCounters counters) => slackBytes
        + 2 * (counters.LiveBytes + counters.RecordCount * LogShape.RecordOverheadBytes);

    /// <summary>From disk a whole page comes at once; in memory a quarter keeps the step under a millisecond.
    /// </summary>
    private long StepBytes() =>
        log.BeginAddress < log.HeadAddress ? log.Shape.PageBytes : log.Shape.PageBytes / 4;

    private void Step(long bytes, CheckpointManifest? newest)
    {
        long until = Math.Min(log.BeginAddress + bytes, log.ReadOnlyAddress);
        if (until <= log.BeginAddress)
            return;
        if (log.BeginAddress < log.HeadAddress && newest?.Generation == log.Generation)
            CheckPages(log.BeginAddress, until, newest);
        log.ShiftBegin(MoveBelow(until));
    }

    /// <summary>Pages that no checkpoint holds as a whole yet have no checksum: those stay unchecked.</summary>
    private void CheckPages(long from, long until, CheckpointManifest newest)
    {
        int pageBytes = newest.PageBytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(pageBytes);
        for (long page = from / pageBytes; page * pageBytes < until; page++)
        {
            int index = (int)(page - newest.FirstPage);
            if (index < 0 || (page + 1) * pageBytes > newest.TailAddress)
                continue;
            Span<byte> bytes = buffer.AsSpan(0, pageBytes);
            string path = log.Device.ReadAt(page * pageBytes, newest.SegmentBytes, bytes);
            uint found = Checksum.Of(bytes);
            if (found != newest.PageCrcs[index])
            {
                throw new StorageCorruptException(path, page * pageBytes % newest.SegmentBytes,
                    $"a log page of CRC32C {newest.PageCrcs[index]:x8}, found {found:x8}");
            }
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Returns the address of the first record that was left, or the end of the walk when none was: a front
    /// inside the empty rest of a page must get on, too.</summary>
    private long MoveBelow(long until)
    {
        using IFasterScanIterator<SpanByte, SpanByte> walk = log.Scan(log.BeginAddress, until);
        while (walk.GetNext(out RecordInfo info))
        {
            if (walk.CurrentAddress >= until)
                return Math.Min(walk.CurrentAddress, log.ReadOnlyAddress);
            if (!info.Tombstone)
                MoveIfLive(walk);
        }
        return Math.Min(walk.EndAddress, log.ReadOnlyAddress);
    }

    private void MoveIfLive(IFasterScanIterator<SpanByte, SpanByte> walk)
    {
        ReadOnlySpan<byte> storedKey = walk.GetKey().AsReadOnlySpan();
        if (StoredKey.IsPad(storedKey))
            return;
        _sink.BeginPart(_part);
        if (!log.TryFind(storedKey, _sink) || _sink.Address != walk.CurrentAddress)
            return;
        ReadOnlySpan<byte> stored = walk.GetValue().AsReadOnlySpan();
        if (!RecordHeader.TryRead(storedKey, stored, out _))
            throw new StorageCorruptException(log.Directory, walk.CurrentAddress, "a record of the announced CRC32C");
        if (_copy.Length < stored.Length)
            _copy = new byte[Math.Max(stored.Length, _copy.Length * 2)];
        stored.CopyTo(_copy);
        log.Upsert(storedKey, _copy.AsSpan(0, stored.Length));
    }
}
