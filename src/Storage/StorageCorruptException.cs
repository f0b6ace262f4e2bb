namespace ShardStore.Storage;

/// <summary>Damaged or foreign data on disk or in a stream. The message names the file, the offset and what was
/// expected there.</summary>
public sealed class StorageCorruptException(string file, long offset, string expected, Exception? inner = null)
    : Exception($"{file}: damaged at offset {offset}: {expected}", inner)
{
    public string File { get; } = file;
    public long Offset { get; } = offset;
}
