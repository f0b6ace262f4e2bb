using System.Buffers;
using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>One greeted connection: a loop that reads frames and one that writes them, consensus before bulk. Both
/// end together.</summary>
internal sealed class PeerConnection(
    Socket socket, PeerQueue queue, PeerMeter meter, PeerFrameReader reader, PeerFrameWriter writer)
{
    // Guards what the read loop tells the write loop: the peer's clock to echo, and both byte counts.
    private readonly Lock _gate = new();
    private readonly List<GroupMessage> _messages = [];
    private long _peerSentAt;
    private long _peerSentAtReceived;
    private long _bulkBytesTaken;
    private long _bulkBytesAcknowledged;

    // Write loop only.
    private long _bulkBytesSent;
    private long _bulkBytesTold;

    /// <summary>Runs until either side fails or <paramref name="cancel"/>. Throws what ended it.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = ReadAsync(stop.Token);
        var writing = WriteAsync(stop.Token);
        var first = await Task.WhenAny(reading, writing);
        await stop.CancelAsync();
        socket.Dispose();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var count = await socket.ReceiveAsync(reader.Room(), cancel);
            if (count == 0)
                return;
            reader.Received(count);
            while (reader.TryReadFrame(out var head))
                OnFrame(head);
        }
    }

    private void OnFrame(in PeerFrameHead head)
    {
        var now = MonotonicMicros.Now;
        lock (_gate)
        {
            if (head.BulkBytesTaken < _bulkBytesAcknowledged || head.BulkBytesTaken > Volatile.Read(ref _bulkBytesSent))
                throw new PeerProtocolException($"{head.BulkBytesTaken} bulk bytes taken, possible are "
                    + $"{_bulkBytesAcknowledged} to {_bulkBytesSent}");
            (_peerSentAt, _peerSentAtReceived) = (head.SentAt, now);
            if (_bulkBytesTaken == reader.BulkBytesTaken && _bulkBytesAcknowledged == head.BulkBytesTaken)
            {
                meter.OnFrame(head, now);
                return;
            }
            _bulkBytesTaken = reader.BulkBytesTaken;
            _bulkBytesAcknowledged = head.BulkBytesTaken;
        }
        meter.OnFrame(head, now);
        queue.Signal.Set();
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        while (true)
        {
            await queue.Signal.WaitAsync(cancel);
            while (TryBuildFrame())
            {
                for (var frame = writer.Frame; !frame.IsEmpty;)
                    frame = frame[await socket.SendAsync(frame, cancel)..];
            }
        }
    }

    private bool TryBuildFrame()
    {
        var credit = ReadHead(out var head);
        _messages.Clear();
        if (queue.TryTakeMessages(_messages))
        {
            writer.BuildMessages(_messages, head);
            _messages.Clear();
        }
        else if (queue.TryTakeBulk(credit, out var chunk))
        {
            BuildBulk(chunk, head, isFirst: credit == TransportLimits.BulkCreditBytes);
        }
        else if (head.BulkBytesTaken != _bulkBytesTold || queue.IsFrameDue(head.SentAt))
        {
            writer.BuildEmpty(head);
        }
        else
        {
            return false;
        }
        _bulkBytesTold = head.BulkBytesTaken;
        queue.LastFrameMicros = head.SentAt;
        return true;
    }

    private void BuildBulk(in BulkChunk chunk, in PeerFrameHead head, bool isFirst)
    {
        if (isFirst)
            meter.OnBulkStarted(head.SentAt, _bulkBytesSent);
        writer.BuildBulk(chunk, head);
        // Visible before the bytes leave, so that no acknowledgement can seem too early.
        Volatile.Write(ref _bulkBytesSent, _bulkBytesSent + chunk.Length);
        ArrayPool<byte>.Shared.Return(chunk.Bytes);
    }

    // Returns the bulk bytes that may be sent now.
    private long ReadHead(out PeerFrameHead head)
    {
        var now = MonotonicMicros.Now;
        lock (_gate)
        {
            var held = _peerSentAt == 0 ? 0 : now - _peerSentAtReceived;
            head = new PeerFrameHead(now, _peerSentAt, held, _bulkBytesTaken);
            return TransportLimits.BulkCreditBytes - (_bulkBytesSent - _bulkBytesAcknowledged);
        }
    }
}
