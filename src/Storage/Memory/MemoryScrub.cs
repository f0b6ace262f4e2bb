namespace ShardStore.Storage.Memory;

/// <summary>Reads one checkpoint blob again, whole. One that is gone was replaced by a newer one.</summary>
internal sealed class MemoryScrub(IBlobStore blobs, string name) : IScrub
{
    private bool _done;

    public int Read(int bytesMax)
    {
        if (_done)
            return 0;
        _done = true;
        if (ReadBlob() is not { } bytes)
            return 0;
        MemoryCheckpointCodec.Check(name, bytes);
        return bytes.Length;
    }

    public void Dispose()
    {
    }

    private byte[]? ReadBlob()
    {
        try
        {
            return blobs.Read(name);
        }
        catch (IOException failure)
        {
            throw new StorageCorruptException(name, 0, $"readable bytes: {failure.Message}", failure);
        }
    }
}
