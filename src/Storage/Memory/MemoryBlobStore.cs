namespace ShardStore.Storage.Memory;

/// <summary>Blobs in a dictionary: a disk that never fails. Used by one thread at a time.</summary>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public void Write(string name, ReadOnlySpan<byte> bytes) => _blobs[name] = bytes.ToArray();

    public byte[]? Read(string name) => _blobs.TryGetValue(name, out byte[]? bytes) ? bytes.ToArray() : null;

    public void Delete(string name) => _blobs.Remove(name);

    public IReadOnlyList<string> List(string prefix) =>
        [.. _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
}
