namespace ShardStore.Storage.Memory;

/// <summary>Where the memory engine keeps its checkpoints: whole named blobs. The simulator backs it by its simulated
/// disk, tests by <see cref="MemoryBlobStore"/>. Names use '/' between parts.</summary>
public interface IBlobStore
{
    /// <summary>Creates or replaces a blob. Atomic and durable: after a crash it is whole, or as before.</summary>
    void Write(string name, ReadOnlySpan<byte> bytes);

    /// <summary>Null when there is no such blob.</summary>
    byte[]? Read(string name);

    /// <summary>Durable. Deleting what is not there is no error.</summary>
    void Delete(string name);

    /// <summary>Names that start with <paramref name="prefix"/>, in ordinal order.</summary>
    IReadOnlyList<string> List(string prefix);
}
