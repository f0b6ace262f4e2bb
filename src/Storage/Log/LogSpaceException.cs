namespace ShardStore.Storage.Log;

/// <summary>There is no room for another segment. Nothing of the batch was written and the log stays usable: it may
/// be committed again when there is space.</summary>
public sealed class LogSpaceException(string directory, long bytesWanted, Exception inner)
    : IOException($"{directory}: cannot reserve {bytesWanted} bytes for the log: {inner.Message}", inner);
