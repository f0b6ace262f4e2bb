using System.Collections.Concurrent;
using System.IO.Pipelines;
using ShardStore.Client.Requests;
using ShardStore.Resp;

namespace ShardStore.Client.Connections;

/// <summary>
/// One pipelined connection, shared by all callers. Commands are encoded under a lock into one of two buffers, in
/// the order of their places in the line of awaited replies; a write loop swaps the buffers and sends whatever has
/// gathered in one packet, so batches form by themselves under load. Encoding happens before the call returns:
/// a caller who gives up may reuse its memory at once.
/// </summary>
internal sealed class NodeConnection : IAsyncDisposable
{
    // Small enough that a slow link shows progress between two pieces of a large batch.
    private const int WriteBytesMax = 256 * 1024;

    private readonly Stream _stream;
    private readonly ConnectionLimits _limits;
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<PendingReply> _line = new();
    private readonly SemaphoreSlim _room;
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RespReplyReader _replies = new();
    private readonly Task _reading;
    private readonly Task _writing;

    // Guarded by _gate. The spare one belongs to the write loop while it sends.
    private RespWriter _filling = new(4096);
    private RespWriter _spare = new(4096);
    private bool _writerAwake;
    private Exception? _broken;

    // Start of the command for whose sake a question was asked last.
    private long _probedByte = -1;

    // Bytes ever encoded, and bytes ever handed to the socket. Invariant: handed ≤ encoded.
    private long _encodedBytes;
    private long _handedBytes;
    private long _lastProgressMs = Environment.TickCount64;

    internal NodeConnection(NodeAddress address, Stream stream, ConnectionLimits limits)
    {
        Address = address;
        _stream = stream;
        _limits = limits;
        _room = new SemaphoreSlim(limits.PendingMax, limits.PendingMax);
        _reading = ReadLoopAsync();
        _writing = WriteLoopAsync();
    }

    internal NodeAddress Address { get; }

    internal bool IsBroken => Volatile.Read(ref _broken) is not null;

    internal int InFlight => _line.Count;

    internal long UnsentBytes => Volatile.Read(ref _encodedBytes) - Volatile.Read(ref _handedBytes);

    /// <summary>How long commands have waited while not a byte went out or came in. 0 when nothing is awaited.
    /// </summary>
    internal long SilentMs(long nowMs) => _line.TryPeek(out var oldest)
        ? nowMs - Math.Max(oldest.QueuedMs, Volatile.Read(ref _lastProgressMs))
        : 0;

    /// <summary>Waits for room in line. Each entry is followed by exactly one <see cref="SendAsync"/>.</summary>
    internal ValueTask EnterAsync(CancellationToken cancellationToken) =>
        _room.Wait(0, CancellationToken.None)
            ? ValueTask.CompletedTask
            : new ValueTask(_room.WaitAsync(cancellationToken));

    /// <summary>Queues a command and awaits its reply.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke first.</exception>
    /// <exception cref="OperationCanceledException">The token fired. The command stays in line.</exception>
    internal ValueTask<RespReply> SendAsync(
        in ClientCommand command, RequestIdentity identity, bool asking, CancellationToken cancellationToken)
    {
        var wake = false;
        var pending = PendingReply.Rent(cancellationToken);
        var task = pending.Task;
        lock (_gate)
        {
            var refusal = RefusalOrNull();
            if (refusal is not null)
            {
                pending.Fail(refusal);
                _room.Release();
                return task;
            }
            if (asking)
                EncodeUnawaited(ClientCommand.OnNode(CommandNames.Asking));
            Encode(command, identity, pending);
            wake = !_writerAwake;
            _writerAwake = true;
        }
        if (wake)
            _work.Release();
        return task;
    }

    /// <summary>Commands that the other machine has received and not answered leave the kernel nothing to miss. A
    /// question does, and so a machine that vanished meanwhile is noticed. Asked once for each command that is waited
    /// for.</summary>
    internal void Probe()
    {
        lock (_gate)
        {
            if (_broken is not null || !_line.TryPeek(out var oldest) || oldest.StartByte == _probedByte)
                return;
            _probedByte = oldest.StartByte;
            EncodeUnawaited(ClientCommand.OnNode(CommandNames.Ping));
            if (_writerAwake)
                return;
            _writerAwake = true;
        }
        _work.Release();
    }

    /// <summary>Ends the connection; every caller in line gets to know whether its command may have run.</summary>
    internal void Break(Exception cause)
    {
        long handed;
        lock (_gate)
        {
            if (_broken is not null)
                return;
            Volatile.Write(ref _broken, cause);
            handed = _handedBytes;
        }
        _stopping.Cancel();
        _stream.Dispose();
        while (_line.TryDequeue(out var pending))
        {
            var holdsRoom = pending.HoldsRoom;
            pending.Fail(Broken(pending.StartByte < handed));
            if (holdsRoom)
                _room.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(NodeConnection), "the client closed the connection"));
        await _writing.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private Exception? RefusalOrNull()
    {
        if (_broken is not null)
            return Broken(mayHaveRun: false);
        if (_filling.Length <= _limits.UnsentBytesMax)
            return null;
        return new ClientException(
            ClientErrorKind.Overloaded,
            $"{_filling.Length} bytes wait to be sent to {Address}; more than {_limits.UnsentBytesMax} are not queued",
            mayHaveRun: false)
        { Node = Address };
    }

    private void EncodeUnawaited(in ClientCommand command)
    {
        // Its reply is awaited by nobody but has a place in line. It is let in beyond the count: waiting for room
        // here, under the lock, could never end.
        var pending = PendingReply.Rent(CancellationToken.None);
        pending.Abandon();
        pending.HoldsRoom = false;
        Encode(command, RequestIdentity.None, pending);
    }

    private void Encode(in ClientCommand command, RequestIdentity identity, PendingReply pending)
    {
        var before = _filling.Length;
        pending.StartByte = _encodedBytes;
        command.WriteTo(_filling, identity);
        Volatile.Write(ref _encodedBytes, _encodedBytes + _filling.Length - before);
        _line.Enqueue(pending);
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stopping.Token).ConfigureAwait(false);
                while (TakeFilled() is { } filled)
                {
                    await SendPiecesAsync(filled.WrittenMemory).ConfigureAwait(false);
                    filled.Clear();
                }
            }
        }
        catch (Exception error) when (IsConnectionError(error))
        {
            Break(error);
        }
        finally
        {
            // Whatever ended the loop, nobody may go on waiting for it.
            Break(new IOException("the write loop ended"));
        }
    }

    private async ValueTask SendPiecesAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var piece = bytes[..Math.Min(bytes.Length, WriteBytesMax)];
            await _stream.WriteAsync(piece, _stopping.Token).ConfigureAwait(false);
            Volatile.Write(ref _lastProgressMs, Environment.TickCount64);
            bytes = bytes[piece.Length..];
        }
    }

    private RespWriter? TakeFilled()
    {
        lock (_gate)
        {
            if (_filling.Length == 0)
            {
                _writerAwake = false;
                return null;
            }
            (_filling, _spare) = (_spare, _filling);
            Volatile.Write(ref _handedBytes, _encodedBytes);
            return _spare;
        }
    }

    private async Task ReadLoopAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
                Volatile.Write(ref _lastProgressMs, Environment.TickCount64);
                var buffer = result.Buffer;
                while (_replies.TryRead(ref buffer, out var reply))
                    OnReply(reply);
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    throw new EndOfStreamException("the node closed the connection");
            }
        }
        catch (Exception error) when (IsConnectionError(error))
        {
            Break(error);
        }
        finally
        {
            Break(new IOException("the read loop ended"));
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void OnReply(in RespReply reply)
    {
        // A push answers nobody.
        if (reply.Kind == RespReplyKind.Push)
            return;
        if (!_line.TryDequeue(out var pending))
            throw new RespReplyFormatException("a reply came although no command was waiting for one");
        var holdsRoom = pending.HoldsRoom;
        pending.Complete(reply);
        if (holdsRoom)
            _room.Release();
    }

    private ConnectionBrokenException Broken(bool mayHaveRun) =>
        new($"connection to {Address} broke: {_broken!.Message}", mayHaveRun, _broken);

    private static bool IsConnectionError(Exception error) => error is IOException or ObjectDisposedException
        or OperationCanceledException or RespReplyFormatException or System.Net.Sockets.SocketException;
}
