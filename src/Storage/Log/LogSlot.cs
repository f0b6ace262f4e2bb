namespace ShardStore.Storage.Log;

/// <summary>Where an entry is on disk, and its payload while that is cached. An absent slot has no segment; it only
/// exists while a log is being recovered.</summary>
internal struct LogSlot
{
    public ulong Tag;
    public LogSegment? Segment;
    public int Offset;
    public int PayloadBytes;
    public byte Kind;
    public ReadOnlyMemory<byte> Payload;

    public readonly bool IsCached => Payload.Length == PayloadBytes;
    public readonly int RecordBytes => LogFormat.RecordHeaderBytes + PayloadBytes;

    public readonly void Release() => Segment?.Release(RecordBytes);
}
