using System.Collections.Concurrent;
using FASTER.core;

namespace ShardStore.Storage.Faster;

/// <summary>Takes what FASTER would write to a file of its own at the end of a checkpoint, and gives it back at
/// recovery. The bytes travel in our manifest instead, so that a checkpoint becomes valid by one rename and everything
/// in it is covered by one CRC. Only fold-over checkpoints of the log are used: the log itself is the data, and the
/// index is rebuilt from it.</summary>
internal sealed class CheckpointTokens : ICheckpointManager
{
    private readonly ConcurrentDictionary<Guid, byte[]> _committed = new();

    public void Add(Guid token, byte[] metadata) => _committed[token] = metadata;

    /// <summary>Null when FASTER has not ended the checkpoint.</summary>
    public byte[]? Take(Guid token) => _committed.TryRemove(token, out byte[]? metadata) ? metadata : null;

    public void CommitLogCheckpoint(Guid logToken, byte[] commitMetadata) => _committed[logToken] = commitMetadata;

    public byte[] GetLogCheckpointMetadata(Guid logToken, DeltaLog deltaLog, bool scanDelta, long recoverTo) =>
        _committed.TryGetValue(logToken, out byte[]? metadata) ? metadata : throw Unused();

    public IEnumerable<Guid> GetLogCheckpointTokens() => _committed.Keys;

    public IEnumerable<Guid> GetIndexCheckpointTokens() => [];

    public void InitializeIndexCheckpoint(Guid indexToken)
    {
    }

    public void InitializeLogCheckpoint(Guid logToken)
    {
    }

    public void CheckpointVersionShift(long oldVersion, long newVersion)
    {
    }

    public void OnRecovery(Guid indexToken, Guid logToken)
    {
    }

    public void Purge(Guid token)
    {
    }

    public void PurgeAll()
    {
    }

    public void Dispose()
    {
    }

    public void CommitIndexCheckpoint(Guid indexToken, byte[] commitMetadata) => throw Unused();

    public void CommitLogIncrementalCheckpoint(Guid logToken, long version, byte[] commitMetadata, DeltaLog deltaLog) =>
        throw Unused();

    public byte[] GetIndexCheckpointMetadata(Guid indexToken) => throw Unused();

    public IDevice GetIndexDevice(Guid indexToken) => throw Unused();

    public IDevice GetSnapshotLogDevice(Guid token) => throw Unused();

    public IDevice GetSnapshotObjectLogDevice(Guid token) => throw Unused();

    /// <summary>FASTER asks for it when it reads the metadata, also of a checkpoint that has no delta.</summary>
    public IDevice GetDeltaLogDevice(Guid token) => new NullDevice();

    private static NotSupportedException Unused() =>
        new("only fold-over checkpoints of the log are used; FASTER asked for something else");
}
