using System.Net.Sockets;

namespace ShardStore.Node.Transport;

/// <summary>One other node: its queue and meter outlive its connections, of which it has one at a time.</summary>
internal sealed class Peer(PeerAddress address, IPeerReceiver receiver, TransportCounters counters) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;
    private volatile bool _isConnected;
    private bool _isRetired;

    public PeerAddress Address { get; } = address;
    public PeerQueue Queue { get; } = new(counters);
    public PeerMeter Meter { get; } = new();
    public bool IsConnected => _isConnected;

    /// <summary>Ends the connection before, if there still is one, and runs this one to its end. The newer one is
    /// right: its dialler knows that the old one is dead.</summary>
    public async Task RunAsync(Socket socket, IUtilizationSource utilization, CancellationToken cancel)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_gate)
        {
            // Retired between the greeting and here: nobody would write to this connection any more, and the other
            // side would not dial again while it stands.
            if (_isRetired)
                throw new OperationCanceledException();
            _current?.Cancel();
            _current = own;
        }
        // Comes soon: the one before has just been cancelled.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await RunAloneAsync(socket, utilization, own.Token);
        }
        finally
        {
            lock (_gate)
            {
                if (_current == own)
                    _current = null;
            }
            _turn.Release();
        }
    }

    /// <summary>Ends the connection, and every one that would still begin.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            _current?.Cancel();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RunAloneAsync(Socket socket, IUtilizationSource utilization, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var reader = new PeerFrameReader(Address.Node, receiver) { Counters = counters };
        var writer = new PeerFrameWriter(Address.Node, utilization, counters);
        Meter.OnConnected();
        Queue.Open();
        _isConnected = true;
        try
        {
            await new PeerConnection(socket, Queue, Meter, reader, writer).RunAsync(cancel);
        }
        finally
        {
            _isConnected = false;
            Queue.Close();
            receiver.OnPeerDown(Address.Node);
        }
    }
}
