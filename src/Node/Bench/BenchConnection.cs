using System.IO.Pipelines;
using System.Net.Sockets;
using ShardStore.Client;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>A raw connection of one worker to one node: a batch goes out in one packet, then its replies are read.
/// Used by one flow at a time.</summary>
internal sealed class BenchConnection : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly PipeReader _input;
    private readonly RespReplyReader _replies = new();
    private readonly Queue<BenchOperation> _inFlight = new();

    private BenchConnection(NodeAddress address, Socket socket)
    {
        Address = address;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
    }

    internal NodeAddress Address { get; }

    /// <summary>What the next exchange sends.</summary>
    internal RespWriter Output { get; } = new(4096);

    internal bool HasWork => _inFlight.Count > 0;

    internal static async Task<BenchConnection> OpenAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var opened = false;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            opened = true;
            return new BenchConnection(address, socket);
        }
        finally
        {
            if (!opened)
                socket.Dispose();
        }
    }

    /// <summary>Notes an operation whose command was just written to <see cref="Output"/>.</summary>
    internal void Expect(in BenchOperation operation) => _inFlight.Enqueue(operation);

    /// <summary>Sends what was written and hands each reply on with its operation.</summary>
    internal async Task ExchangeAsync(IBenchReplies handler, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Output.WrittenMemory, cancellationToken).ConfigureAwait(false);
        Output.Clear();
        while (_inFlight.Count > 0)
        {
            var result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (_inFlight.Count > 0 && _replies.TryRead(ref buffer, out var reply))
                handler.OnReply(this, _inFlight.Dequeue(), reply);
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted && _inFlight.Count > 0)
                throw new EndOfStreamException($"{Address} closed the connection");
        }
    }

    /// <summary>The operations that got no reply, when an exchange failed.</summary>
    internal IEnumerable<BenchOperation> TakeUnanswered()
    {
        while (_inFlight.TryDequeue(out var operation))
            yield return operation;
    }

    /// <summary>One command outside the load.</summary>
    internal async Task<RespReply> AskAsync(string[] command, CancellationToken cancellationToken)
    {
        Output.WriteArrayHeader(command.Length);
        foreach (var word in command)
            Output.WriteBulk(word);
        var single = new SingleReply();
        Expect(default);
        await ExchangeAsync(single, cancellationToken).ConfigureAwait(false);
        return single.Reply;
    }

    internal static bool IsConnectionError(Exception error) => error is IOException or SocketException
        or RespReplyFormatException or OperationCanceledException or ObjectDisposedException;

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class SingleReply : IBenchReplies
    {
        internal RespReply Reply { get; private set; }

        public void OnReply(BenchConnection connection, in BenchOperation operation, in RespReply reply) =>
            Reply = reply;
    }
}
