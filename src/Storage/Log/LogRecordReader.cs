using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>Reads one entry back from its segment and checks that it is the one wanted.</summary>
internal static class LogRecordReader
{
    public static ReadOnlyMemory<byte> ReadPayload(in LogSlot slot, ulong salt, ulong stream, ulong position)
    {
        if (slot.PayloadBytes == 0)
            return default;
        var file = slot.Segment!.File;
        var record = new byte[slot.RecordBytes];
        var isWhole = ReadAt(file, slot.Offset, record) == record.Length && LogRecordCodec.IsIntact(record, salt);
        var header = LogRecordCodec.Header(record);
        if (!isWhole || header.Stream != stream || header.Position != position || header.Tag != slot.Tag)
            throw new StorageCorruptException(file.Path, slot.Offset,
                $"an entry of stream {stream} at position {position} was expected");
        return record.AsMemory(LogFormat.RecordHeaderBytes);
    }

    /// <summary>A sector that the disk cannot read any more is damage like one that it reads wrong.</summary>
    private static int ReadAt(IFile file, int offset, byte[] record)
    {
        try
        {
            return file.ReadAt(offset, record);
        }
        catch (IOException failure)
        {
            throw new StorageCorruptException(file.Path, offset, $"readable bytes: {failure.Message}", failure);
        }
    }
}
