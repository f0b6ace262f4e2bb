using FASTER.core;

namespace ShardStore.Storage.Faster;

/// <summary>Walks the log and keeps the records that the index still points at. (FASTER's own iterator gives records
/// that are long dead when keys are longer than 8 bytes.) A record that is written during a scan moves to the end of
/// the log, where the scan finds it later. Cursors come from clients, so an address is never trusted: a walk starts at
/// a page's first record and skips what lies before the address.</summary>
internal sealed class LogScanner(ShardLog log, ShardRecords records)
{
    private const int GenerationShift = 48;
    private const ulong AddressMask = (1UL << GenerationShift) - 1;

    /// <summary>Dead records looked at in one call for each live one asked for, so that a call stays short.</summary>
    private const int ExaminedPerRecord = 16;
    private const int ExaminedMin = 4096;
    private readonly ReadSink _sink = new();
    private readonly RecordBuffer _long = new();
    private long _lastNext = -1;

    public ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor)
    {
        long from = AddressOf(cursor);
        long until = log.TailAddress;
        int examinedMax = Math.Max(ExaminedMin, (int)Math.Min(int.MaxValue, recordsMax * (long)ExaminedPerRecord));
        using IFasterScanIterator<SpanByte, SpanByte> walk = log.Scan(WalkStart(from), until);
        int visited = 0;
        for (int examined = 0; visited < recordsMax && examined < examinedMax; examined++)
        {
            if (!walk.GetNext(out RecordInfo info))
                return 0;
            if (walk.CurrentAddress >= from && !info.Tombstone && TryVisit(walk, visitor))
                visited++;
        }
        _lastNext = walk.NextAddress;
        return _lastNext >= until && until == log.TailAddress ? 0 : CursorOf(_lastNext);
    }

    /// <summary>Reads every live record, checks it, and sums up their shares anew.</summary>
    public ulong ComputeContentHash()
    {
        StoreCounters anew = default;
        using IFasterScanIterator<SpanByte, SpanByte> walk = log.Scan(log.BeginAddress, log.TailAddress);
        while (walk.GetNext(out RecordInfo info))
        {
            ReadOnlySpan<byte> storedKey = walk.GetKey().AsReadOnlySpan();
            if (info.Tombstone || StoredKey.IsPart(storedKey) || !IsLive(storedKey, walk.CurrentAddress))
                continue;
            RecordHeader header = _sink.Header;
            if (header.Format == RecordCodec.FormatHead)
                records.TryRead(header.Stamp.Space, storedKey[1..], _long);
            anew.Add(header.Stamp, header.Crc, storedKey.Length - 1, header.ValueBytes);
        }
        return anew.ContentHash;
    }

    /// <summary>Copies the live records of one space into another log's records.</summary>
    public void CopyTo(ShardRecords target, KeySpace space)
    {
        using IFasterScanIterator<SpanByte, SpanByte> walk = log.Scan(log.BeginAddress, log.TailAddress);
        while (walk.GetNext(out RecordInfo info))
        {
            ReadOnlySpan<byte> storedKey = walk.GetKey().AsReadOnlySpan();
            if (info.Tombstone || storedKey[0] != (byte)space || !IsLive(storedKey, walk.CurrentAddress))
                continue;
            RecordStamp stamp = _sink.Header.Stamp;
            if (records.TryRead(space, storedKey[1..], _long))
                target.Put(stamp, storedKey[1..], _long.Value);
        }
    }

    private bool TryVisit(IFasterScanIterator<SpanByte, SpanByte> walk, IRecordVisitor visitor)
    {
        ReadOnlySpan<byte> storedKey = walk.GetKey().AsReadOnlySpan();
        if (StoredKey.IsPart(storedKey) || !IsLive(storedKey, walk.CurrentAddress))
            return false;
        RecordHeader header = _sink.Header;
        ReadOnlySpan<byte> value = walk.GetValue().AsReadOnlySpan()[RecordCodec.HeaderBytes..];
        if (header.Format == RecordCodec.FormatHead)
        {
            records.TryRead(header.Stamp.Space, storedKey[1..], _long);
            value = _long.Value;
        }
        visitor.Visit(header.Stamp.Space, storedKey[1..], value, header.Stamp.ExpireAtMs, header.Stamp.Sequence);
        return true;
    }

    /// <summary>The index is asked for the key: only the newest record of a key has the address it names.</summary>
    private bool IsLive(ReadOnlySpan<byte> storedKey, long address)
    {
        _sink.Begin(null);
        return log.TryFind(storedKey, _sink) && _sink.Address == address;
    }

    private ulong CursorOf(long address) => ((log.Generation & 0xFFFF) << GenerationShift) | (ulong)address;

    private long AddressOf(ulong cursor)
    {
        bool ours = cursor >> GenerationShift == (log.Generation & 0xFFFF);
        long address = ours ? (long)(cursor & AddressMask) : 0;
        return Math.Clamp(address, log.BeginAddress, log.TailAddress);
    }

    /// <summary>An address that this scanner gave out last starts a record for sure, if the page is still there.
    /// </summary>
    private long WalkStart(long from)
    {
        if (from == _lastNext)
            return from;
        return Math.Max(log.BeginAddress, from / log.Shape.PageBytes * log.Shape.PageBytes);
    }
}
