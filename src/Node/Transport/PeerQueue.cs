using System.Buffers;
using ShardStore.Raft;

namespace ShardStore.Node.Transport;

/// <summary>What waits to be written to one peer: consensus messages, of which the oldest are dropped when there are
/// too many, and bulk chunks, which are refused then. Thread-safe.</summary>
internal sealed class PeerQueue(TransportCounters counters)
{
    private readonly Lock _gate = new();
    private readonly Queue<(GroupMessage Message, long Bytes)> _messages = new();
    private readonly Queue<BulkChunk> _bulk = new();
    private long _messageBytes;
    private long _bulkBytes;
    private int _flushed;
    private bool _isOpen;
    private long _lastFrameMicros;

    /// <summary>Signalled when something may be written.</summary>
    public WriteSignal Signal { get; } = new();

    public void Open()
    {
        lock (_gate)
            _isOpen = true;
    }

    /// <summary>The connection is gone: what waited for it is dropped, for it may be out of date when the next one
    /// stands.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            counters.CountDropped(_messages.Count);
            _messages.Clear();
            (_messageBytes, _bulkBytes, _flushed) = (0, 0, 0);
            while (_bulk.TryDequeue(out var chunk))
                ArrayPool<byte>.Shared.Return(chunk.Bytes);
        }
    }

    public void Add(ulong group, in Message message)
    {
        var bytes = RaftMessageCodec.BytesMax(message);
        lock (_gate)
        {
            if (!_isOpen || bytes > TransportLimits.MessageBytesMax)
            {
                counters.CountDropped(1);
                return;
            }
            _messages.Enqueue((new GroupMessage(group, message), bytes));
            _messageBytes += bytes;
            while (_messageBytes > TransportLimits.ConsensusQueueBytesMax)
            {
                _messageBytes -= _messages.Dequeue().Bytes;
                _flushed = Math.Max(0, _flushed - 1);
                counters.CountDropped(1);
            }
        }
    }

    /// <summary>When a frame was last built. Unit: microseconds.</summary>
    public long LastFrameMicros
    {
        get => Volatile.Read(ref _lastFrameMicros);
        set => Volatile.Write(ref _lastFrameMicros, value);
    }

    public void Flush()
    {
        lock (_gate)
        {
            if (_messages.Count == _flushed && !IsFrameDue(MonotonicMicros.Now))
                return;
            _flushed = _messages.Count;
        }
        Signal.Set();
    }

    /// <summary>Nothing was sent for a while. Only what was sent can stay unacknowledged, and so show that the other
    /// machine is gone: a follower alone would listen to its silence.</summary>
    public bool IsFrameDue(long nowMicros) => nowMicros - LastFrameMicros > TransportLimits.QuietMicrosMax;

    public bool TryAddBulk(ulong channel, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TransportLimits.BulkChunkBytesMax)
            throw new ArgumentException($"a bulk chunk of {bytes.Length} bytes, allowed are at most "
                + $"{TransportLimits.BulkChunkBytesMax}", nameof(bytes));
        lock (_gate)
        {
            if (!_isOpen || _bulkBytes + bytes.Length > TransportLimits.BulkQueueBytesMax)
                return false;
            var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(copy);
            _bulk.Enqueue(new BulkChunk(channel, copy, bytes.Length));
            _bulkBytes += bytes.Length;
        }
        Signal.Set();
        return true;
    }

    /// <summary>Moves flushed messages to <paramref name="into"/> until they exceed
    /// <see cref="TransportLimits.FrameBytesTarget"/>, at least one. False when there is none.</summary>
    public bool TryTakeMessages(List<GroupMessage> into)
    {
        lock (_gate)
        {
            var bytes = 0L;
            while (_flushed > 0 && bytes < TransportLimits.FrameBytesTarget)
            {
                // The target is checked before adding, so a frame never exceeds it by more than one message.
                var (message, messageBytes) = _messages.Dequeue();
                into.Add(message);
                bytes += messageBytes;
                _messageBytes -= messageBytes;
                _flushed--;
            }
            return into.Count > 0;
        }
    }

    /// <summary>Takes the oldest chunk if it is at most <paramref name="bytesMax"/> long. Its array goes back to the
    /// shared pool.</summary>
    public bool TryTakeBulk(long bytesMax, out BulkChunk chunk)
    {
        lock (_gate)
        {
            if (!_bulk.TryPeek(out chunk) || chunk.Length > bytesMax)
                return false;
            _bulk.Dequeue();
            _bulkBytes -= chunk.Length;
            return true;
        }
    }
}

/// <summary>A bulk chunk in a pooled array.</summary>
internal readonly record struct BulkChunk(ulong Channel, byte[] Bytes, int Length);
