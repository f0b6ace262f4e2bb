using System.Diagnostics;
using System.Net;
using ShardStore.Node.Cli;

namespace ShardStore.Node.Hosting;

/// <summary>Several nodes in this process, on loopback.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly List<NodeRuntime> _nodes = [];

    private LocalCluster()
    {
    }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<NodeRuntime> Nodes => _nodes;

    /// <summary>Starts all of them, or none.</summary>
    /// <exception cref="IOException">One cannot start: the text names it and says why.</exception>
    public static async Task<LocalCluster> StartAsync(IReadOnlyList<NodeOptions> nodes, NodeEnvironment environment)
    {
        var cluster = new LocalCluster();
        var isWhole = false;
        try
        {
            foreach (var node in nodes)
                cluster._nodes.Add(await StartOneAsync(node, environment));
            isWhole = true;
            return cluster;
        }
        finally
        {
            if (!isWhole)
                await cluster.DisposeAsync();
        }
    }

    /// <summary>Waits until every node sees every shard led. False when it was stopped or the time was over.</summary>
    public async Task<bool> IsFormedAsync(TimeSpan timeout, CancellationToken stop)
    {
        var waited = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested && waited.Elapsed < timeout)
        {
            if (_nodes.TrueForAll(node => node.IsReady()))
                return true;
            await Task.Delay(50, CancellationToken.None);
        }
        return false;
    }

    // All at once: each waits for the others to take its leaderships over.
    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));

    /// <summary>What the nodes of a cluster on this machine run with.</summary>
    public static List<NodeOptions> OptionsOf(DevOptions options, string directory) =>
        [.. Enumerable.Range(1, options.Nodes).Select(number => OptionsOf(options, number, directory))];

    private static async Task<NodeRuntime> StartOneAsync(NodeOptions node, NodeEnvironment environment)
    {
        try
        {
            return await NodeRuntime.StartAsync(node, environment);
        }
        catch (Exception failure) when (Hosts.IsOfTheWorld(failure))
        {
            throw Hosts.Explained(failure, node);
        }
    }

    private static NodeOptions OptionsOf(DevOptions options, int number, string directory)
    {
        var peers = Enumerable.Range(0, options.Nodes)
            .Select(i => new HostPort("127.0.0.1", options.Port + DevVerb.PeerPortOffset + i));
        return new NodeOptions
        {
            Id = $"n{number}",
            Dir = Path.Combine(directory, $"n{number}"),
            Listen = new IPEndPoint(IPAddress.Loopback, options.Port + number - 1),
            PeerListen = new IPEndPoint(IPAddress.Loopback, options.Port + DevVerb.PeerPortOffset + number - 1),
            AdminListen = new IPEndPoint(IPAddress.Loopback, options.AdminPort + number - 1),
            Announce = new HostPort("127.0.0.1", options.Port + number - 1),
            AnnounceAdminPort = options.AdminPort + number - 1,
            PeerAnnounce = new HostPort("127.0.0.1", options.Port + DevVerb.PeerPortOffset + number - 1),
            Join = [.. peers],
            Shards = options.Shards,
            Replicas = options.Replicas,
            Zone = "",
            CapacityCores = options.CapacityCores,
            MemoryMb = options.MemoryMb,
            ForecastStepSeconds = options.ForecastStepSeconds,
            ForecastSeasonSteps = options.ForecastSeasonSteps,
            Balancer = options.Balancer,
            ElectionMs = options.ElectionMs,
            HeartbeatMs = options.HeartbeatMs,
            CheckpointMb = options.CheckpointMb,
            AllowRemote = false,
        };
    }
}
