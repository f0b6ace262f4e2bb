using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using ShardStore.Node.Commands;
using ShardStore.Resp;

namespace ShardStore.Node.Server;

/// <summary>One client. Two loops: one reads, parses and hands requests out without waiting for them; the other sends
/// finished replies in request order, as many as there are at once. They share only the ring and two signals.
/// </summary>
internal sealed class RespConnection : IRequestOwner, IDisposable
{
    private const int SendBatchBytes = 64 * 1024;
    private const int DirectSendBytes = 16 * 1024;
    private const int SendPieceBytes = 1024 * 1024;

    private readonly Socket _socket;
    private readonly ServerLimits _limits;
    private readonly PipeReader _input;
    private readonly RequestRing _ring;
    private readonly RespRequestReader _parser;
    private readonly RespWriter _batch = new(1024);
    private readonly ConcurrentQueue<byte[]> _pushes = new();
    private readonly AsyncSignal _replyReady = new();
    private readonly AsyncSignal _roomMade = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TimeSpan _sendTimeout;
    private long _heldBytes;
    private volatile bool _isReadingOver;
    private volatile bool _isStopping;
    private volatile bool _isGone;

    public RespConnection(Socket socket, ServerState server, long id)
    {
        _socket = socket;
        _limits = server.Options.Limits;
        _sendTimeout = TimeSpan.FromSeconds(_limits.SendSecondsMax);
        _ring = new RequestRing(_limits.RequestsInFlightMax, this);
        _parser = new RespRequestReader(_limits.Request);
        var options = new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true);
        _input = PipeReader.Create(new NetworkStream(socket, ownsSocket: false), options);
        Session = new ConnectionSession(server, this, id, socket.RemoteEndPoint, socket.LocalEndPoint);
    }

    public ConnectionSession Session { get; }
    public bool IsGone => _isGone;

    /// <summary>Lives until the client or the server ends it. Never throws for what a client or network does.</summary>
    public async Task RunAsync()
    {
        var writing = WriteLoopAsync();
        try
        {
            await ReadLoopAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The peer is gone or we aborted; what it asked for cannot be answered.
            await _abort.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            _isReadingOver = true;
            _replyReady.Set();
            await writing.ConfigureAwait(false);
            _isGone = true;
            await _input.CompleteAsync().ConfigureAwait(false);
            _socket.Dispose();
        }
    }

    /// <summary>Reads no more; ends when what was read is answered.</summary>
    public void Stop()
    {
        _isStopping = true;
        _input.CancelPendingRead();
        _roomMade.Set();
    }

    /// <summary>Ends now; replies still out are dropped.</summary>
    public void Abort()
    {
        // Cancelled first: a loop that a signal wakes must see it.
        _abort.Cancel();
        Stop();
        _replyReady.Set();
        _socket.Dispose();
    }

    /// <summary>Sends a RESP3 push between two replies.</summary>
    public void Push(byte[] message)
    {
        _pushes.Enqueue(message);
        _replyReady.Set();
    }

    public void OnCompleted(ClientRequest request, int replyBytes)
    {
        Interlocked.Add(ref _heldBytes, replyBytes);
        _replyReady.Set();
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadLoopAsync()
    {
        while (!_isStopping && !_abort.IsCancellationRequested)
        {
            var result = await _input.ReadAsync(_abort.Token).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (true)
            {
                if (!HasRoom)
                    await WaitForRoomAsync().ConfigureAwait(false);
                _parser.IsAuthenticated = Session.IsAuthenticated;
                var outcome = _parser.Read(ref buffer, _ring.Next.Arguments);
                if (outcome == RespReadResult.NeedMore)
                    break;
                if (outcome == RespReadResult.Request && CommandDispatcher.NeedsIdle(Session, _ring.Next))
                    await WaitUntilIdleAsync().ConfigureAwait(false);
                if (!TakeRequest(outcome))
                    return;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>False: nothing after it is read.</summary>
    private bool TakeRequest(RespReadResult outcome)
    {
        if (outcome == RespReadResult.CloseSilently)
        {
            _abort.Cancel();
            return false;
        }
        var request = _ring.Next;
        request.Prepare(Session.Protocol);
        Interlocked.Add(ref _heldBytes, request.Arguments.ByteCount);
        _ring.Publish();
        if (outcome == RespReadResult.ProtocolError)
        {
            request.ClosesConnection = true;
            request.Fail(_parser.ErrorText);
            return false;
        }
        CommandDispatcher.Dispatch(Session, request);
        return !Session.IsClosing;
    }

    private bool HasRoom =>
        !_ring.IsFull && (Interlocked.Read(ref _heldBytes) <= _limits.HeldBytesMax || _ring.IsEmpty);

    private async ValueTask WaitForRoomAsync()
    {
        while (!HasRoom)
            await WaitForReleaseAsync().ConfigureAwait(false);
    }

    private async ValueTask WaitUntilIdleAsync()
    {
        while (!_ring.IsEmpty)
            await WaitForReleaseAsync().ConfigureAwait(false);
    }

    private async ValueTask WaitForReleaseAsync()
    {
        _abort.Token.ThrowIfCancellationRequested();
        await _roomMade.WaitAsync().ConfigureAwait(false);
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            while (!_abort.IsCancellationRequested)
            {
                var isLast = await SendReadyAsync().ConfigureAwait(false);
                if (isLast || (_isReadingOver && _ring.IsEmpty))
                    return;
                await _replyReady.WaitAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException or TimeoutException)
        {
            // The peer takes no more replies: whatever is still out is dropped with the connection.
            Session.IsClosing = true;
        }
        finally
        {
            Session.IsClosing = true;
            await _abort.CancelAsync().ConfigureAwait(false);
            Stop();
        }
    }

    /// <summary>Sends every reply that is next in order and complete. True after the last one of the connection.
    /// </summary>
    private async ValueTask<bool> SendReadyAsync()
    {
        var isLast = false;
        while (!isLast && _ring.DoneHead() is { } request)
        {
            var length = request.Reply.Length;
            var held = length + request.Arguments.ByteCount;
            isLast = request.ClosesConnection;
            if (!request.IsSilent && length > DirectSendBytes)
            {
                await SendBatchAsync().ConfigureAwait(false);
                await SendAsync(request.Reply.WrittenMemory).ConfigureAwait(false);
            }
            else if (!request.IsSilent)
            {
                _batch.WriteRaw(request.Reply.Written);
            }
            _ring.ReleaseHead();
            Interlocked.Add(ref _heldBytes, -held);
            _roomMade.Set();
            if (_batch.Length >= SendBatchBytes)
                await SendBatchAsync().ConfigureAwait(false);
        }
        while (_pushes.TryDequeue(out var push))
            _batch.WriteRaw(push);
        await SendBatchAsync().ConfigureAwait(false);
        return isLast;
    }

    private async ValueTask SendBatchAsync()
    {
        if (_batch.Length == 0)
            return;
        await SendAsync(_batch.WrittenMemory).ConfigureAwait(false);
        _batch.Clear();
    }

    /// <summary>In pieces, each with its own deadline: a slow client may take long, a stuck one may not.</summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, SendPieceBytes)];
            var sending = _socket.SendAsync(piece, SocketFlags.None, _abort.Token);
            var sent = sending.IsCompletedSuccessfully
                ? sending.Result
                : await sending.AsTask().WaitAsync(_sendTimeout).ConfigureAwait(false);
            bytes = bytes[sent..];
        }
    }
}
