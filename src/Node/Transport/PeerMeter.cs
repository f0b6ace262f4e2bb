namespace ShardStore.Node.Transport;

/// <summary>Round-trip time and bandwidth of one peer, measured on the frames that flow anyway. Thread-safe.</summary>
internal sealed class PeerMeter
{
    // Short: on a fast link a queue of bulk drains in less than 50 ms, and a window ends where the queue runs empty.
    private const int BandwidthWindowMicros = 5_000;
    private const int BandwidthWindowBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private long _rttMicros;
    private long _bandwidthBytesPerSecond;
    private long _lastReceivedMicros;
    private long _windowStartMicros;
    private long _windowStartBytes;

    public PeerLink Link(bool isConnected)
    {
        lock (_gate)
            return new PeerLink(isConnected, _rttMicros, _bandwidthBytesPerSecond, _lastReceivedMicros);
    }

    /// <summary>A new connection: byte counts start at 0 again, the estimates stay.</summary>
    public void OnConnected()
    {
        lock (_gate)
            (_windowStartMicros, _windowStartBytes) = (0, 0);
    }

    /// <summary>The first bulk bytes after a pause begin to flow; <paramref name="bytesTaken"/> were taken before.
    /// </summary>
    public void OnBulkStarted(long nowMicros, long bytesTaken)
    {
        lock (_gate)
            (_windowStartMicros, _windowStartBytes) = (nowMicros, bytesTaken);
    }

    public void OnFrame(in PeerFrameHead head, long nowMicros)
    {
        lock (_gate)
        {
            _lastReceivedMicros = nowMicros;
            var rtt = nowMicros - head.EchoedAt - head.HeldMicros;
            if (head.EchoedAt > 0 && rtt >= 0)
                _rttMicros = Math.Max(1, _rttMicros == 0 ? rtt : _rttMicros + ((rtt - _rttMicros) / 8));
            MeasureBandwidth(head.BulkBytesTaken, nowMicros);
        }
    }

    private void MeasureBandwidth(long bytesTaken, long nowMicros)
    {
        var micros = nowMicros - _windowStartMicros;
        var bytes = bytesTaken - _windowStartBytes;
        if (_windowStartMicros == 0 || micros < BandwidthWindowMicros || bytes < BandwidthWindowBytes)
            return;
        var rate = (long)(bytes * 1_000_000.0 / micros);
        _bandwidthBytesPerSecond = _bandwidthBytesPerSecond == 0
            ? rate
            : _bandwidthBytesPerSecond + ((rate - _bandwidthBytesPerSecond) / 4);
        (_windowStartMicros, _windowStartBytes) = (nowMicros, bytesTaken);
    }
}
