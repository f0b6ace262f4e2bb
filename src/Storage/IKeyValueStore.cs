namespace ShardStore.Storage;

/// <summary>Keys of clients and keys of our own live side by side in a shard's store. On disk: never
/// renumber.</summary>
public enum KeySpace : byte
{
    /// <summary>What clients see.</summary>
    User = 1,
    /// <summary>The session table that makes retried writes apply once.</summary>
    Session = 2,
}

/// <summary>A record read from a store. Reused by its owner; holds the value until the next read into it.</summary>
public sealed class RecordBuffer
{
    private byte[] _bytes = new byte[256];
    public int Length { get; private set; }

    /// <summary>Unix milliseconds; 0 = never expires.</summary>
    public long ExpireAtMs { get; private set; }

    /// <summary>Raft index of the write that made the record: its version.</summary>
    public ulong Sequence { get; private set; }

    public ReadOnlySpan<byte> Value => _bytes.AsSpan(0, Length);

    /// <summary>For stores only: makes room and tells where to put the value.</summary>
    public Span<byte> Reset(int length, long expireAtMs, ulong sequence)
    {
        if (_bytes.Length < length)
            _bytes = new byte[Math.Max(length, _bytes.Length * 2)];
        Length = length;
        ExpireAtMs = expireAtMs;
        Sequence = sequence;
        return _bytes.AsSpan(0, length);
    }
}

/// <summary>What a checkpoint stands for, in the words of the consensus layer, which alone reads it.</summary>
public sealed record CheckpointState(ulong AppliedIndex, ulong AppliedTerm, byte[] Configuration, long ClockMs);

/// <summary>Receives live records of a scan. Spans are valid during the call only.</summary>
public interface IRecordVisitor
{
    void Visit(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence);
}

/// <summary>One shard replica's data: the state behind its Raft group. Used by one thread, the group's, except that
/// a checkpoint's files are written and read in the background. It never reads a clock and never expires anything by
/// itself. Damaged data throws <see cref="StorageCorruptException"/>; other I/O errors throw IOException.</summary>
public interface IKeyValueStore : IDisposable
{
    /// <summary>False when the key does not exist; then <paramref name="into"/> is unchanged.</summary>
    bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into);

    /// <summary>Inserts or replaces. <paramref name="sequence"/> is the Raft index of the entry, never smaller than
    /// any before.</summary>
    void Put(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence);

    /// <summary>False when there was nothing to delete.</summary>
    bool Delete(KeySpace space, ReadOnlySpan<byte> key, ulong sequence);

    /// <summary>Deletes all records of <see cref="KeySpace.User"/>; sessions stay.</summary>
    void Clear(ulong sequence);

    /// <summary>Live user keys, expired ones included until they are deleted.</summary>
    long KeyCount { get; }

    /// <summary>User keys that have an expiry.</summary>
    long ExpiringCount { get; }

    /// <summary>Sum of key and value bytes of all live records of both spaces.</summary>
    long LiveBytes { get; }

    /// <summary>Bytes of this store's files on disk.</summary>
    long DiskBytes { get; }

    /// <summary>Order-independent hash over all live records (space, key, value, expiry, sequence) of both spaces,
    /// kept up incrementally: equal on replicas that applied the same entries.</summary>
    ulong ContentHash { get; }

    /// <summary>The same hash computed anew by reading and checking every live record.</summary>
    ulong ComputeContentHash();

    /// <summary>Visits about <paramref name="recordsMax"/> records from <paramref name="cursor"/> (0 = start) and
    /// returns the next cursor, 0 at the end. A record that exists during the whole scan is visited at least once.
    /// Cursors mean nothing to another replica or after a restart.</summary>
    ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor);

    /// <summary>Starts a checkpoint that holds exactly the writes made before this call. Writes may go on at once.
    /// One at a time: false while another is running.</summary>
    bool TryBeginCheckpoint(CheckpointState state);

    /// <summary>Called now and then by the owner. Returns the state of a checkpoint that has become durable since
    /// the last call (its log entries may then be compacted), else null. Throws <see cref="StorageCorruptException"/>
    /// when the checkpoint would have covered damaged bytes: then there is none, and the one before stands.</summary>
    CheckpointState? PollCheckpoint();

    /// <summary>Opens the newest durable checkpoint for streaming; its files stay until it is disposed. Null when
    /// there is none yet.</summary>
    ISnapshotSource? OpenSnapshot();

    /// <summary>Opens the newest durable checkpoint for reading it again, as <see cref="OpenSnapshot"/> does.
    /// </summary>
    IScrub? OpenScrub();

    /// <summary>Damage that this store met by itself where it could go on without the damaged bytes; null when none.
    /// </summary>
    StorageCorruptException? Damage { get; }
}

/// <summary>A durable checkpoint as numbered, self-checking chunks. Thread-safe: chunks may be read in the
/// background while the store is used.</summary>
public interface ISnapshotSource : IDisposable
{
    CheckpointState State { get; }
    ulong ContentHash { get; }

    /// <summary>Bytes before compression.</summary>
    long TotalBytes { get; }
    int ChunkCount { get; }

    /// <summary>Appends chunk <paramref name="number"/> (0-based), framed, CRC32C-protected, LZ4-compressed where
    /// that pays, to <paramref name="into"/>. Returns its bytes before compression.</summary>
    int ReadChunk(int number, System.Buffers.IBufferWriter<byte> into);
}

/// <summary>Takes the chunks of an <see cref="ISnapshotSource"/>, in order of their numbers, into a new directory.
/// May be abandoned and resumed by another receiver on the same directory at <see cref="NextChunk"/>.</summary>
public interface ISnapshotReceiver : IDisposable
{
    int NextChunk { get; }

    /// <summary>Throws <see cref="StorageCorruptException"/> when the chunk is damaged or not the next.</summary>
    void WriteChunk(int number, ReadOnlySpan<byte> chunk);

    /// <summary>Makes everything durable; afterwards the engine can open the directory.</summary>
    void Complete();
}

/// <summary>Makes, opens and deletes the stores of one node. The real one is FASTER; the simulator's is in memory
/// over the same file system as its log.</summary>
public interface IStoreEngine
{
    /// <summary>An empty store in a directory that does not exist yet.</summary>
    IKeyValueStore Create(string directory);

    /// <summary>Opens the newest complete checkpoint; an existing directory without one gives an empty store and a
    /// null state.</summary>
    IKeyValueStore Open(string directory, out CheckpointState? state);

    bool Exists(string directory);

    /// <summary>Durable: after it returns the directory does not come back after a crash.</summary>
    void Delete(string directory);

    ISnapshotReceiver Receive(string directory);
}
