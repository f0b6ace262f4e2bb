namespace ShardStore.Storage.Faster;

/// <summary>Records of clients over the log: stamps, checks and counters, and long values in parts. Every write looks
/// at the old record first, to take it out of the counters.</summary>
internal sealed class ShardRecords(ShardLog log, in StoreCounters counters)
{
    private readonly ReadSink _sink = new();
    private StoreCounters _counters = counters;
    private byte[] _key = new byte[256];
    private byte[] _record = new byte[1024];
    private byte[] _part = [];

    public StoreCounters Counters => _counters;

    public bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into)
    {
        StoreLimits.Check(space, key.Length);
        _sink.Begin(into);
        if (!log.TryFind(KeyOf(space, key), _sink))
            return false;
        if (_sink.Header.Format == RecordCodec.FormatHead)
            ReadParts(key, _sink.Header, into);
        return true;
    }

    public void Put(in RecordStamp stamp, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        StoreLimits.Check(stamp.Space, key.Length);
        StoreLimits.CheckValue(value.Length, stamp.ExpireAtMs);
        bool replaces = TryFindHeader(stamp.Space, key, out RecordHeader old);
        uint crc = RecordHash.Crc(stamp, key, value);
        int parts = RecordCodec.PartsOf(value.Length);
        for (int part = 0; part < parts; part++)
            PutPart(stamp, key, value, part);
        ReadOnlySpan<byte> stored = parts == 0 ? Whole(stamp, crc, value) : Head(stamp, crc, value.Length, key);
        log.Upsert(KeyOf(stamp.Space, key), stored);
        for (int part = parts; part < old.Parts; part++)
            DeletePart(stamp.Space, key, part);
        if (replaces)
            _counters.Remove(old.Stamp, old.Crc, key.Length, old.ValueBytes);
        _counters.Add(stamp, crc, key.Length, value.Length);
    }

    public bool Delete(KeySpace space, ReadOnlySpan<byte> key)
    {
        StoreLimits.Check(space, key.Length);
        if (!TryFindHeader(space, key, out RecordHeader old))
            return false;
        log.Delete(KeyOf(space, key));
        for (int part = 0; part < old.Parts; part++)
            DeletePart(space, key, part);
        _counters.Remove(old.Stamp, old.Crc, key.Length, old.ValueBytes);
        return true;
    }

    private bool TryFindHeader(KeySpace space, ReadOnlySpan<byte> key, out RecordHeader header)
    {
        _sink.Begin(null);
        bool found = log.TryFind(KeyOf(space, key), _sink);
        header = found ? _sink.Header : default;
        return found;
    }

    private void ReadParts(ReadOnlySpan<byte> key, RecordHeader head, RecordBuffer into)
    {
        Span<byte> value = into.Reset(head.ValueBytes, head.Stamp.ExpireAtMs, head.Stamp.Sequence);
        if (_part.Length == 0)
            _part = new byte[RecordCodec.PartBytesMax];
        int filled = 0;
        for (int part = 0; part < head.Parts; part++)
        {
            _sink.BeginPart(_part);
            bool found = log.TryFind(PartKeyOf(head.Stamp.Space, key, part), _sink);
            int bytes = _sink.Header.ValueBytes;
            if (!found || _sink.Header.Stamp.Sequence != head.Stamp.Sequence || bytes > value.Length - filled)
                throw new StorageCorruptException(log.Directory, _sink.Address, $"part {part} of {head.Parts}");
            _part.AsSpan(0, bytes).CopyTo(value[filled..]);
            filled += bytes;
        }
        if (filled != value.Length || RecordHash.Crc(head.Stamp, key, value) != head.Crc)
            throw new StorageCorruptException(log.Directory, _sink.Address, $"a value of {value.Length} bytes");
    }

    private void PutPart(in RecordStamp stamp, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, int part)
    {
        int start = part * RecordCodec.PartBytesMax;
        ReadOnlySpan<byte> bytes = value.Slice(start, Math.Min(RecordCodec.PartBytesMax, value.Length - start));
        ReadOnlySpan<byte> storedKey = PartKeyOf(stamp.Space, key, part);
        RecordStamp partStamp = new((KeySpace)storedKey[0], stamp.Sequence, 0);
        uint crc = RecordHash.Crc(partStamp, storedKey[1..], bytes);
        log.Upsert(storedKey, Encode(RecordCodec.FormatPart, partStamp, crc, bytes));
    }

    private void DeletePart(KeySpace space, ReadOnlySpan<byte> key, int part) =>
        log.Delete(PartKeyOf(space, key, part));

    private ReadOnlySpan<byte> Whole(in RecordStamp stamp, uint crc, ReadOnlySpan<byte> value) =>
        Encode(RecordCodec.FormatWhole, stamp, crc, value);

    private ReadOnlySpan<byte> Head(in RecordStamp stamp, uint crc, int valueBytes, ReadOnlySpan<byte> key)
    {
        Span<byte> head = _record.AsSpan(0, RecordCodec.HeadBytes);
        RecordCodec.WriteHeader(head, RecordCodec.FormatHead, stamp, crc);
        RecordCodec.WriteHead(head, KeyOf(stamp.Space, key), valueBytes, RecordCodec.PartsOf(valueBytes));
        return head;
    }

    private ReadOnlySpan<byte> Encode(byte format, in RecordStamp stamp, uint crc, ReadOnlySpan<byte> value)
    {
        int length = RecordCodec.HeaderBytes + value.Length;
        if (_record.Length < length)
            _record = new byte[Math.Max(length, _record.Length * 2)];
        RecordCodec.WriteHeader(_record, format, stamp, crc);
        value.CopyTo(_record.AsSpan(RecordCodec.HeaderBytes));
        return _record.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> KeyOf(KeySpace space, ReadOnlySpan<byte> key)
    {
        Span<byte> into = KeyRoom(key.Length);
        return into[..StoredKey.Write(into, space, key)];
    }

    private ReadOnlySpan<byte> PartKeyOf(KeySpace space, ReadOnlySpan<byte> key, int part)
    {
        Span<byte> into = KeyRoom(key.Length);
        return into[..StoredKey.WritePart(into, space, key, part)];
    }

    private Span<byte> KeyRoom(int keyBytes)
    {
        int length = 1 + keyBytes + StoredKey.PartNumberBytes;
        if (_key.Length < length)
            _key = new byte[Math.Max(length, _key.Length * 2)];
        return _key;
    }
}
