using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ShardStore.Node.Commands;
using ShardStore.Node.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Server;

/// <summary>The RESP front of a node: start it with a router and a view of the cluster, stop it before them.</summary>
public sealed class RespServer : IAsyncDisposable
{
    private readonly RespListener _listener;
    private bool _isStopped;

    public RespServer(
        RespServerOptions options, IRequestRouter router, IClusterView cluster, ILogger<RespServer>? logger = null)
    {
        options.Limits.Validate();
        State = new ServerState(options, router, cluster);
        _listener = new RespListener(State, logger ?? NullLogger<RespServer>.Instance);
    }

    /// <summary>Counters and configuration, for telemetry.</summary>
    public ServerState State { get; }

    /// <summary>The address in use, once started.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>Open client connections.</summary>
    public int ConnectionCount => State.Connections.Count;

    /// <summary>Fails when the accept loop died: the node must then stop, for it would serve nobody new.</summary>
    public Task Completion => _listener.Completion;

    public void Start()
    {
        Listen();
        Accept();
    }

    /// <summary>The first half of <see cref="Start"/>: takes the address, so that a second node on it fails at once.
    /// </summary>
    public void Listen() => _listener.Listen();

    /// <summary>The second half: serves who has connected since.</summary>
    public void Accept() => _listener.Accept();

    /// <summary>Takes no new clients, answers what is in flight, aborts what is left after the drain time.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _listener.StopAsync().ConfigureAwait(false);
        await State.Connections.CloseAsync(State.Options.DrainTime).ConfigureAwait(false);
    }

    /// <summary>Sends a RESP3 push to every client that asked for maintenance notifications. Returns how many.
    /// </summary>
    public int PushMaintenance(Action<RespWriter> write)
    {
        var writer = new RespWriter { Protocol = 3 };
        write(writer);
        var message = writer.Written.ToArray();
        var count = 0;
        foreach (var connection in State.Connections.Open)
        {
            if (!connection.Session.WantsMaintenance || connection.Session.Protocol < 3)
                continue;
            connection.Push(message);
            count++;
        }
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _listener.Dispose();
    }
}
