using System.Buffers.Binary;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>Reads all batches of a log again, oldest segment first, up to where the log ended when the reading began:
/// what is written later was not at rest yet, and a busy log may grow faster than it is read. A segment is held only
/// while a piece of it is read, so scrubbing keeps none on the disk. A damaged one is told once, and left.</summary>
internal sealed class LogScrub(AppendLog log, ulong salt) : IScrub
{
    private const int PieceBytes = 64 * 1024;
    private LogSegmentWindow? _window;
    private ulong _number;
    private int _offset;
    private int _end;
    private ulong _sequence;
    private (ulong Number, int End)? _last;

    public int Read(int bytesMax)
    {
        var read = 0;
        while (read < bytesMax)
        {
            var segment = _offset < _end ? log.Pin(_number, out _) : BeginNext();
            if (segment is null)
            {
                // Deleted while it was being read, or the last one was.
                if (_offset == _end)
                    break;
                _offset = _end;
                continue;
            }
            read += ReadPiece(segment);
        }
        return read;
    }

    public void Dispose() => _window = null;

    private LogSegment? BeginNext()
    {
        var (lastNumber, lastEnd) = _last ??= log.End();
        if (_number >= lastNumber || log.PinNext(_number, out var end) is not { } segment)
            return null;
        if (segment.Number > lastNumber)
        {
            log.Unpin(segment);
            return null;
        }
        (_number, _offset, _end) = (segment.Number, 0, segment.Number == lastNumber ? lastEnd : end);
        segment.File.ForgetCached();
        _window = null;
        return segment;
    }

    private int ReadPiece(LogSegment segment)
    {
        var from = _offset;
        try
        {
            _window ??= new LogSegmentWindow(segment.File);
            _offset += _offset == 0 ? ReadHeader(segment) : ReadBatch(segment);
            if (_offset == _end)
                segment.File.ForgetCached();
            return _offset - from;
        }
        catch (StorageCorruptException damage)
        {
            Leave(segment, damage);
            throw;
        }
        catch (IOException failure)
        {
            var damage = new StorageCorruptException(
                segment.File.Path, from, $"readable bytes: {failure.Message}", failure);
            Leave(segment, damage);
            throw damage;
        }
        finally
        {
            log.Unpin(segment);
        }
    }

    private void Leave(LogSegment segment, StorageCorruptException damage)
    {
        _offset = _end;
        log.NoteDamage(segment.Number, damage);
    }

    private int ReadHeader(LogSegment segment)
    {
        var bytes = _window!.At(0, LogFormat.SegmentHeaderBytes);
        if (!LogSegment.TryReadHeader(bytes, segment.File.Path, out var header) || header.Number != segment.Number
            || header.Salt != salt)
            throw Damaged(segment, 0, $"the header of segment {segment.Number}");
        _sequence = header.FirstSequence;
        return LogFormat.SegmentHeaderBytes;
    }

    private int ReadBatch(LogSegment segment)
    {
        var head = _window!.At(_offset, LogFormat.BatchHeaderBytes);
        if (!LogFormat.TryReadBatchHeader(head, salt, out var header) || header.Sequence != _sequence
            || header.BodyBytes > _end - _offset - LogFormat.BatchHeaderBytes)
            throw Damaged(segment, _offset, $"batch {_sequence}");
        var offset = _offset + LogFormat.BatchHeaderBytes;
        var end = offset + header.BodyBytes;
        for (var i = 0; i < header.Records; i++)
            offset += ReadRecord(segment, offset, end);
        var padding = _window.At(offset, end - offset);
        if (padding.Length >= LogFormat.Alignment || padding.ContainsAnyExcept((byte)0))
            throw Damaged(segment, offset, $"the end of batch {_sequence}");
        _sequence++;
        return LogFormat.BatchHeaderBytes + header.BodyBytes;
    }

    /// <summary>A record may be as long as the longest command: its checksum is taken piece by piece.</summary>
    private int ReadRecord(LogSegment segment, int start, int end)
    {
        var head = _window!.At(start, Math.Min(LogFormat.RecordHeaderBytes, end - start));
        if (head.Length < LogFormat.RecordHeaderBytes)
            throw Damaged(segment, start, $"a record of batch {_sequence}");
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var payloadBytes = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        var isOfBatch = BinaryPrimitives.ReadUInt32LittleEndian(head[36..]) == (uint)_sequence;
        if (payloadBytes < 0 || payloadBytes > end - start - LogFormat.RecordHeaderBytes || !isOfBatch)
            throw Damaged(segment, start, $"a record of batch {_sequence}");
        var crc = Crc32C.Compute(head[4..], LogFormat.Seed(salt));
        var recordEnd = start + LogFormat.RecordHeaderBytes + payloadBytes;
        for (var offset = start + LogFormat.RecordHeaderBytes; offset < recordEnd; offset += PieceBytes)
            crc = Crc32C.Compute(_window.At(offset, Math.Min(PieceBytes, recordEnd - offset)), crc);
        return crc == expected
            ? LogFormat.RecordHeaderBytes + payloadBytes
            : throw Damaged(segment, start, $"a record of CRC32C {expected:x8}, found {crc:x8}");
    }

    private static StorageCorruptException Damaged(LogSegment segment, int offset, string expected) =>
        new(segment.File.Path, offset, expected);
}
