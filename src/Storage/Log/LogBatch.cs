using System.Runtime.InteropServices;

namespace ShardStore.Storage.Log;

/// <summary>What one <see cref="AppendLog.Commit"/> makes durable together: all of it or, after a crash, none. The
/// operations take effect in the order they were added. Meant to be cleared and used again; not thread-safe.
/// </summary>
public sealed class LogBatch
{
    private const int StateChunkBytes = 4096;

    private readonly List<LogOperation> _operations = [];
    private byte[] _stateBytes = new byte[StateChunkBytes];
    private int _stateBytesUsed;

    public int Count => _operations.Count;

    /// <summary>Bytes on disk, the batch's own header not counted.</summary>
    public long Bytes { get; private set; }

    /// <summary>False: only states and compaction, for which every segment keeps a reserve.</summary>
    public bool HasEntries { get; private set; }

    internal ReadOnlySpan<LogOperation> Operations => CollectionsMarshal.AsSpan(_operations);

    /// <summary>Adds an entry after the stream's last one, or in place of an older one: then that and all after it
    /// are dropped. The payload is kept, not copied: it must never change.</summary>
    public void Append(ulong stream, ulong position, ulong tag, byte kind, ReadOnlyMemory<byte> payload) =>
        Add(new LogOperation(LogRecordType.Entry, kind, stream, position, tag) { Payload = payload });

    /// <summary>Replaces the stream's small state. The bytes are copied.</summary>
    public void SetState(ulong stream, ReadOnlySpan<byte> state)
    {
        if (state.Length > LogFormat.StateBytesMax)
            throw new ArgumentException($"state of stream {stream} has {state.Length} bytes, allowed are at most "
                + $"{LogFormat.StateBytesMax}", nameof(state));
        if (_stateBytesUsed + state.Length > _stateBytes.Length)
        {
            // The old array lives on in the operations that point into it.
            _stateBytes = new byte[Math.Max(StateChunkBytes, Math.Max(state.Length, _stateBytes.Length * 2))];
            _stateBytesUsed = 0;
        }
        var copy = _stateBytes.AsMemory(_stateBytesUsed, state.Length);
        state.CopyTo(copy.Span);
        _stateBytesUsed += state.Length;
        Add(new LogOperation(LogRecordType.State, 0, stream, 0, 0) { Payload = copy });
    }

    /// <summary>Moves the point before the first entry. When the stream holds that position with the same tag, only
    /// entries up to it are dropped (compaction), otherwise all (a snapshot was installed).</summary>
    public void SetBase(ulong stream, ulong position, ulong tag) =>
        Add(new LogOperation(LogRecordType.Reset, 0, stream, position, tag));

    /// <summary>Removes the stream with its entries, base and state. Removing one that does not exist is legal.
    /// </summary>
    public void DropStream(ulong stream) => Add(new LogOperation(LogRecordType.Drop, 0, stream, 0, 0));

    public void Clear()
    {
        _operations.Clear();
        _stateBytesUsed = 0;
        Bytes = 0;
        HasEntries = false;
    }

    private void Add(LogOperation operation)
    {
        _operations.Add(operation);
        HasEntries |= operation.Type == LogRecordType.Entry;
        Bytes += LogFormat.RecordHeaderBytes + operation.Payload.Length;
    }
}
