using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ShardStore.Raft;

namespace ShardStore.Node.Transport;

/// <summary>All peers over TCP: one connection a pair of nodes, dialled by the lower number, used in both
/// directions. Peers are not authenticated: the peer port belongs on a network that only the cluster reaches.
/// </summary>
public sealed class TcpPeerTransport : IPeerTransport, IAsyncDisposable
{
    private readonly TransportOptions _options;
    private readonly IPeerReceiver _receiver;
    private readonly IUtilizationSource _utilization;
    private readonly ILogger _log;
    private readonly PeerGreeting _self;
    private readonly ConcurrentDictionary<int, Peer> _peers = [];
    private readonly ConcurrentDictionary<int, PeerAddress> _known = [];
    private readonly ConcurrentDictionary<string, string> _refusals = [];
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private readonly Dictionary<int, CancellationTokenSource> _dialers = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;

    public TcpPeerTransport(
        TransportOptions options, IPeerReceiver receiver, IUtilizationSource utilization, ILogger log)
    {
        (_options, _receiver, _utilization, _log) = (options, receiver, utilization, log);
        _self = new PeerGreeting(options.Node, options.Name, options.ClusterId, options.DiskId);
        _self.Encode();
    }

    public TransportCounters Counters { get; } = new();

    /// <summary>What the cluster has on record about a number, or null. Asked for each greeting, on any
    /// thread.</summary>
    public Func<int, PeerRecord?> RecordOf { get; set; } = _ => null;

    /// <summary>A peer does not take this node for a member: its number and why.</summary>
    public event Action<int, string>? TurnedAway;

    /// <summary>Where peers reach this node; the port is the real one when 0 was asked for. Set by
    /// <see cref="Start"/>.</summary>
    public IPEndPoint? ListenEndpoint { get; private set; }

    /// <summary>Ends with an exception when the accept loop dies: the node must not go on unreachable.</summary>
    public Task Accepting { get; private set; } = Task.CompletedTask;

    /// <summary>Binds and begins to accept. Throws SocketException when the address is taken.</summary>
    public void Start()
    {
        _listener = new Socket(_options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(_options.Listen);
        _listener.Listen();
        ListenEndpoint = (IPEndPoint)_listener.LocalEndPoint!;
        TransportLog.Listening(_log, ListenEndpoint.ToString());
        Accepting = AcceptAsync(_listener);
    }

    public void SetPeers(IReadOnlyList<PeerAddress> peers)
    {
        lock (_gate)
        {
            foreach (var number in _known.Keys)
                if (!peers.Contains(_known[number]))
                    Forget(number);
            foreach (var peer in peers)
                if (peer.Node != _options.Node && _known.TryAdd(peer.Node, peer))
                    Remember(peer);
        }
    }

    public void Send(int toNode, ulong group, in Message message)
    {
        if (_peers.TryGetValue(toNode, out var peer))
            peer.Queue.Add(group, message);
        else
            Counters.CountDropped(1);
    }

    public bool SendBulk(int toNode, ulong channel, ReadOnlyMemory<byte> bytes) =>
        _peers.TryGetValue(toNode, out var peer) && peer.Queue.TryAddBulk(channel, bytes.Span);

    public void Flush()
    {
        foreach (var (_, peer) in _peers)
            peer.Queue.Flush();
    }

    public PeerLink? Link(int node) =>
        _peers.TryGetValue(node, out var peer) ? peer.Meter.Link(peer.IsConnected) : null;

    /// <summary>Closes the listener and all connections and waits until their loops have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await Accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_running.IsEmpty)
            await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Remember(PeerAddress address)
    {
        // A peer that connected before it was known keeps its connection if its name is the right one, or any is.
        var peer = _peers.GetValueOrDefault(address.Node);
        if (peer is null || (address.Name.Length > 0 && peer.Address.Name != address.Name))
        {
            peer?.Retire();
            _peers[address.Node] = peer = new Peer(address, _receiver, Counters);
        }
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _dialers[address.Node] = cancel;
        if (_options.Node > address.Node)
        {
            var question = new PeerQuestion(
                _options, address, () => peer.IsConnected,
                socket => ConverseAsync(socket, address, cancel.Token, isQuestion: true));
            Track(question.RunAsync(cancel.Token));
            return;
        }
        var dialer = new PeerDialer(_options, address, socket => ConverseAsync(socket, address, cancel.Token));
        Track(dialer.RunAsync(cancel.Token));
    }

    private void Forget(int node)
    {
        _known.TryRemove(node, out _);
        if (_dialers.Remove(node, out var cancel))
            cancel.Cancel();
        if (_peers.TryRemove(node, out var peer))
            peer.Retire();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                if (_running.Count < TransportLimits.ConnectionsMax)
                    Track(ServeAsync(socket));
                else
                    socket.Dispose();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionAborted)
            {
                // The peer gave up between its dial and our accept; the next one is waiting.
                Counters.CountRefused();
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
            await ConverseAsync(socket, expected: null, _stop.Token);
    }

    // Greets and then, unless either side only asks, exchanges frames until the end. True when the peer was the right
    // one.
    private async Task<bool> ConverseAsync(
        Socket socket, PeerAddress? expected, CancellationToken cancel, bool isQuestion = false)
    {
        var endpoint = "unknown";
        try
        {
            PeerSocket.Configure(socket, _options);
            endpoint = socket.RemoteEndPoint?.ToString() ?? endpoint;
            var greeting = await PeerHandshake.GreetAsync(
                socket, _self with { IsQuestion = isQuestion }, other => Judge(other, expected),
                TimeSpan.FromMilliseconds(_options.HandshakeMs), cancel);
            _refusals.TryRemove(RefusalKey(endpoint, expected), out _);
            if (isQuestion || greeting.IsQuestion)
                return true;
            await ConverseWithAsync(PeerOf(greeting), socket, endpoint, cancel);
            return true;
        }
        catch (PeerTurnedAwayException verdict)
        {
            if (IsNews(RefusalKey(endpoint, expected), verdict.Reason))
                TransportLog.TurnedAway(_log, verdict.ByNode, endpoint, verdict.Reason);
            TurnedAway?.Invoke(verdict.ByNode, verdict.Reason);
            return false;
        }
        catch (Exception error) when (error is PeerProtocolException or SocketException or OperationCanceledException)
        {
            if (!cancel.IsCancellationRequested)
                Refuse(RefusalKey(endpoint, expected), endpoint, error.Message);
            return false;
        }
    }

    private string? Judge(PeerGreeting other, PeerAddress? expected) =>
        other.Refusal(_self, expected ?? _known.GetValueOrDefault(other.Node), RecordOf(other.Node));

    private async Task ConverseWithAsync(Peer peer, Socket socket, string endpoint, CancellationToken cancel)
    {
        var (node, name) = (peer.Address.Node, peer.Address.Name);
        try
        {
            TransportLog.Connected(_log, node, name, endpoint);
            await peer.RunAsync(socket, _utilization, cancel);
            TransportLog.Lost(_log, node, name, "it closed the connection");
        }
        catch (Exception error) when (error is PeerProtocolException or SocketException or ObjectDisposedException)
        {
            TransportLog.Lost(_log, node, name, error.Message);
        }
        catch (OperationCanceledException)
        {
            if (!cancel.IsCancellationRequested)
                TransportLog.Lost(_log, node, name, "it was replaced by a newer connection or removed");
        }
        catch (Exception error)
        {
            // A bug of ours: this connection ends, is dialled again, and the node goes on.
            TransportLog.Failed(_log, node, error);
        }
    }

    // Under the gate: a peer that is being replaced must not be handed out beside its successor.
    private Peer PeerOf(PeerGreeting greeting)
    {
        lock (_gate)
        {
            return _peers.GetOrAdd(greeting.Node, number => new Peer(
                new PeerAddress(number, greeting.Name, "", 0), _receiver, Counters));
        }
    }

    private static string RefusalKey(string endpoint, PeerAddress? expected) =>
        expected is not null ? expected.Name : endpoint[..Math.Max(0, endpoint.LastIndexOf(':'))];

    private void Refuse(string key, string endpoint, string reason)
    {
        Counters.CountRefused();
        if (IsNews(key, reason))
            TransportLog.Refused(_log, endpoint, reason);
    }

    // A peer that is wrong stays wrong while it redials: one line for each reason, not for each attempt.
    private bool IsNews(string key, string reason)
    {
        if (_refusals.TryGetValue(key, out var last) && last == reason)
            return false;
        if (_refusals.Count > 1024)
            _refusals.Clear();
        _refusals[key] = reason;
        return true;
    }

    private void Track(Task task)
    {
        _running.TryAdd(task, 0);
        task.ContinueWith(
            done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
