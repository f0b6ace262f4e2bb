namespace ShardStore.Node.Transport;

/// <summary>Cuts received bytes into frames and hands their parts to the receiver. Used by one read loop only; no
/// I/O. Its buffer grows with the bytes that really arrive, not with what a length announces.</summary>
internal sealed class PeerFrameReader(int fromNode, IPeerReceiver receiver)
{
    private const int BytesKept = 4 * 1024 * 1024;

    // Fixed: a frame may announce far more messages than its bytes would let us hold at once.
    private readonly GroupMessage[] _messages = new GroupMessage[256];
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Bulk bytes handed to the receiver so far.</summary>
    public long BulkBytesTaken { get; private set; }

    /// <summary>Where the next received bytes go; never empty.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_bytes.Length > BytesKept)
                _bytes = new byte[BytesKept];
        }
        if (_end == _bytes.Length)
            MakeRoom();
        return _bytes.AsMemory(_end);
    }

    /// <summary>Counts what it received, if told where.</summary>
    public TransportCounters? Counters { get; init; }

    public void Received(int count)
    {
        _end += count;
        Counters?.CountReceived(count);
    }

    /// <summary>Handles one whole frame; false when there is none yet.</summary>
    public bool TryReadFrame(out PeerFrameHead head)
    {
        head = default;
        var length = PeerFrameCodec.LengthOf(_bytes.AsSpan(_start, _end - _start));
        if (length == 0 || length > _end - _start)
            return false;
        ReadFrame(_bytes.AsSpan(_start, length), out head);
        _start += length;
        return true;
    }

    private void ReadFrame(ReadOnlySpan<byte> frame, out PeerFrameHead head)
    {
        var flags = PeerFrameCodec.ReadHead(frame, out head, out var parts);
        if (flags.HasFlag(PeerFrameFlags.Utilization))
            receiver.OnUtilization(fromNode, parts.TakeUtilization());
        if (flags.HasFlag(PeerFrameFlags.Messages))
            ReadMessages(ref parts);
        if (flags.HasFlag(PeerFrameFlags.Bulk))
        {
            var bytes = parts.TakeBulk(out var channel);
            receiver.OnBulk(fromNode, channel, bytes);
            BulkBytesTaken += bytes.Length;
        }
        parts.RequireEnd();
    }

    private void ReadMessages(ref FrameParts parts)
    {
        var count = parts.TakeMessageCount();
        while (count > 0)
        {
            var messages = _messages.AsSpan(0, Math.Min(count, _messages.Length));
            foreach (ref var message in messages)
                message = parts.TakeMessage();
            receiver.OnMessages(fromNode, messages);
            messages.Clear();
            count -= messages.Length;
        }
    }

    private void MakeRoom()
    {
        if (_start > _bytes.Length / 2)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        }
        else
        {
            var bytes = new byte[Math.Min(_bytes.Length * 2L, TransportLimits.FrameBytesMax + (64L * 1024))];
            _bytes.AsSpan(_start, _end - _start).CopyTo(bytes);
            _bytes = bytes;
        }
        (_start, _end) = (0, _end - _start);
    }
}
