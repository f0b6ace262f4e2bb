using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Client.Tests;

/// <summary>A node on loopback whose every answer is a line of the test. It owns all slots unless its map says
/// otherwise, and answers what a client says when it connects.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly ConcurrentBag<FakeConnection> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    internal FakeNode()
    {
        _listener.Start();
        Address = new NodeAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        MapRows = () => [(0, 16383, Address)];
        _accepting = AcceptAsync();
    }

    internal NodeAddress Address { get; }

    /// <summary>Everything received that was not connection talk, in order.</summary>
    internal ConcurrentQueue<string> Received { get; } = new();

    internal int Accepted => Volatile.Read(ref _accepted);

    internal bool KnowsOnce { get; set; }

    internal Func<IReadOnlyList<(int First, int Last, NodeAddress Owner)>> MapRows { get; set; }

    /// <summary>Metadata of replicas in the map, as RESP behind the master's node entry.</summary>
    internal string ReplicaRows { get; set; } = "";

    /// <summary>The answer to a command: RESP bytes as text, or null to write nothing (yet).</summary>
    internal Func<string[], FakeConnection, string?> Answer { get; set; } = (_, _) => "+OK\r\n";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var connection in _connections)
            connection.Close();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new FakeConnection(await _listener.AcceptSocketAsync());
                Interlocked.Increment(ref _accepted);
                _connections.Add(connection);
                _serving.Add(ServeAsync(connection));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was stopped: that is how a node ends.
            return;
        }
    }

    private async Task ServeAsync(FakeConnection connection)
    {
        var requests = new RespReplyReader();
        var input = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        int count;
        while ((count = await connection.ReceiveAsync(input.Writer.GetMemory(65536))) > 0)
        {
            input.Writer.Advance(count);
            await input.Writer.FlushAsync();
            var buffer = (await input.Reader.ReadAsync()).Buffer;
            while (requests.TryRead(ref buffer, out var request))
                Respond([.. request.Items.ToArray().Select(a => a.Text)], connection);
            input.Reader.AdvanceTo(buffer.Start);
        }
    }

    private void Respond(string[] command, FakeConnection connection)
    {
        // A client asks this when a busy machine lets it wait; it comes in a test at any time.
        if (command[0] == "PING")
        {
            connection.WritePong();
            return;
        }
        var reply = ConnectionTalk(command);
        if (reply is null)
        {
            Received.Enqueue(string.Join(' ', command));
            connection.HoldBack();
            reply = Answer(command, connection);
        }
        if (reply is not null)
            connection.Write(reply);
    }

    private string? ConnectionTalk(string[] command) => string.Join(' ', command.Take(2)) switch
    {
        "CLUSTER SLOTS" => Map(),
        "COMMAND INFO" => KnowsOnce ? "*1\r\n*1\r\n$15\r\nshardstore.once\r\n" : "*1\r\n*-1\r\n",
        _ => null,
    };

    private string Map()
    {
        var text = new StringBuilder();
        var rows = MapRows();
        text.Append($"*{rows.Count}\r\n");
        var replicas = ReplicaRows.Length == 0 ? 0 : 1;
        foreach (var (first, last, owner) in rows)
            text.Append($"*{3 + replicas}\r\n:{first}\r\n:{last}\r\n*3\r\n$9\r\n127.0.0.1\r\n:{owner.Port}\r\n+id\r\n")
                .Append(ReplicaRows);
        return text.ToString();
    }
}
