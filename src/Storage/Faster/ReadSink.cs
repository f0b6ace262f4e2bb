using FASTER.core;

namespace ShardStore.Storage.Faster;

/// <summary>Where a read leaves its result, at once or after a record came from disk. One per use, kept for ever: no
/// read allocates. Exceptions must not cross FASTER, so damage is noted here and thrown by the caller.</summary>
internal sealed class ReadSink
{
    private RecordBuffer? _into;

    public RecordHeader Header { get; private set; }
    public bool IsDamaged { get; private set; }
    public Status Status { get; set; }
    public long Address { get; set; }

    /// <summary>For parts of a value: where the bytes go; empty when not reading a part.</summary>
    public Memory<byte> PartInto { get; private set; }

    public void Begin(RecordBuffer? into)
    {
        _into = into;
        PartInto = default;
        Restart();
    }

    public void BeginPart(Memory<byte> into)
    {
        _into = null;
        PartInto = into;
        Restart();
    }

    public void Take(ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> stored)
    {
        IsDamaged = !RecordHeader.TryRead(storedKey, stored, out RecordHeader header);
        Header = header;
        if (IsDamaged)
            return;
        ReadOnlySpan<byte> value = stored[RecordCodec.HeaderBytes..];
        if (header.Format == RecordCodec.FormatPart)
        {
            IsDamaged = value.Length > PartInto.Length;
            if (!IsDamaged)
                value.CopyTo(PartInto.Span);
        }
        else if (header.Format == RecordCodec.FormatWhole && _into is not null)
        {
            value.CopyTo(_into.Reset(value.Length, header.Stamp.ExpireAtMs, header.Stamp.Sequence));
        }
    }

    private void Restart()
    {
        IsDamaged = false;
        Status = default;
        Address = 0;
        Header = default;
    }
}
