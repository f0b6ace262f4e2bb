namespace ShardStore.Storage.Files;

/// <summary>The disk broke a promise: a sync or a log write failed. The node must stop; what is durable is only known
/// after a restart has read it back.</summary>
public sealed class FatalStorageException(string operation, string file, int errno, Exception? inner = null)
    : Exception($"{operation} of {file} failed (errno {errno}): the node must stop", inner)
{
    public string File { get; } = file;

    /// <summary>0 when the system named none.</summary>
    public int Errno { get; } = errno;
}
