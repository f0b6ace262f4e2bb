using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Transport;
using Xunit;

namespace ShardStore.Node.Tests.Transport;

/// <summary>A running transport on a loopback port, with all it received and logged.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    public TestPeer(int node, string cluster = "c1", int port = 0, string? name = null)
    {
        var options = new TransportOptions
        {
            Node = node,
            Name = name ?? $"n{node}",
            ClusterId = cluster,
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            HandshakeMs = 2000,
            RedialMsMin = 10,
            RedialMsMax = 50,
            AskMs = 50,
        };
        Transport = new TcpPeerTransport(options, Receiver, Utilization, Log);
        Transport.Start();
        Address = new PeerAddress(node, options.Name, "127.0.0.1", Transport.ListenEndpoint!.Port);
    }

    public RecordingReceiver Receiver { get; } = new();
    public QueuedUtilization Utilization { get; } = new();
    public LineLogger Log { get; } = new();
    public TcpPeerTransport Transport { get; }
    public PeerAddress Address { get; }

    public static async Task Connect(params TestPeer[] peers)
    {
        foreach (var peer in peers)
            peer.Transport.SetPeers([.. peers.Select(other => other.Address)]);
        foreach (var peer in peers)
            foreach (var other in peers)
                if (peer != other)
                    await peer.Log.Until($"Connected to node {other.Address.Node} ");
    }

    public ValueTask DisposeAsync() => Transport.DisposeAsync();

    /// <summary>Keeps the lines and lets a test wait for one.</summary>
    internal sealed class LineLogger : ILogger
    {
        private readonly SemaphoreSlim _changed = new(0);

        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{formatter(state, exception)}{exception}");
            _changed.Release();
        }

        public async Task<string> Until(string part, int times = 1)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (true)
            {
                var found = Lines.Where(line => line.Contains(part, StringComparison.Ordinal)).ToList();
                if (found.Count >= times)
                    return found[^1];
                try
                {
                    await _changed.WaitAsync(deadline.Token);
                }
                catch (OperationCanceledException)
                {
                    Assert.Fail($"no line with \"{part}\" in:\n{string.Join('\n', Lines)}");
                }
            }
        }
    }
}
