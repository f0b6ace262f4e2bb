using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Cli;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Hosting;

/// <summary>`dev`: a whole cluster on this machine, in this process or one process a node.</summary>
public sealed class DevCluster(DevOptions options)
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var directory = options.Dir ?? Directory.CreateTempSubdirectory("shardstore-dev-").FullName;
        var nodes = Enumerable.Range(1, options.Nodes).Select(number => OptionsOf(number, directory)).ToList();
        try
        {
            return options.Processes
                ? await new DevProcesses(nodes).RunAsync(Announce, stop)
                : await RunHereAsync(nodes, stop);
        }
        finally
        {
            if (options.Dir is null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<int> RunHereAsync(List<NodeOptions> nodes, CancellationToken stop)
    {
        using var loggers = Hosts.Logs(LogLevel.Warning);
        var shared = new SharedProcess(new ProcessReadings());
        var running = new List<NodeRuntime>();
        try
        {
            foreach (var node in nodes)
                running.Add(Start(node, new NodeEnvironment { Loggers = loggers, Shared = shared }));
            if (await IsFormedAsync(running, stop))
            {
                Announce(nodes);
                await Hosts.WaitAsync(stop);
            }
        }
        finally
        {
            // All at once: each waits for the others to take its leaderships over.
            await Task.WhenAll(running.Select(node => node.DisposeAsync().AsTask()));
        }
        return 0;
    }

    /// <summary>False when it was stopped before the cluster was up.</summary>
    private static async Task<bool> IsFormedAsync(List<NodeRuntime> running, CancellationToken stop)
    {
        var waited = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            if (running.TrueForAll(node => node.IsReady()))
                return true;
            if (waited.Elapsed > ReadyTimeout)
                throw new IOException($"the cluster did not form within {ReadyTimeout.TotalSeconds:0} s");
            await Task.Delay(50, CancellationToken.None);
        }
        return false;
    }

    private static NodeRuntime Start(NodeOptions node, NodeEnvironment environment)
    {
        try
        {
            return NodeRuntime.Start(node, environment);
        }
        catch (Exception failure) when (Hosts.IsOfTheWorld(failure))
        {
            throw Hosts.Explained(failure, node);
        }
    }

    private NodeOptions OptionsOf(int number, string directory)
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
            Balancer = options.Balancer,
            ElectionMs = options.ElectionMs,
            HeartbeatMs = options.HeartbeatMs,
            CheckpointMb = options.CheckpointMb,
            AllowRemote = false,
        };
    }

    private void Announce(IReadOnlyList<NodeOptions> nodes)
    {
        var first = nodes[0];
        Console.WriteLine(
            $"ShardStore: {nodes.Count} nodes, {options.Shards} shards, {options.Replicas} replicas each");
        foreach (var node in nodes)
            Console.WriteLine($"  {node.Id}  clients {node.Listen}   admin http://{node.AdminListen}");
        Console.WriteLine("Try:");
        Console.WriteLine($"  redis-cli -c -p {first.Listen.Port} set hello world");
        Console.WriteLine($"  ./shardstore ctl --admin http://{first.AdminListen} nodes");
        Console.WriteLine($"  ./shardstore ctl --admin http://{first.AdminListen} recommendations --watch");
        Console.WriteLine($"  ./shardstore bench --endpoints {first.Listen} --seconds 10");
        Console.WriteLine("Ctrl-C ends the cluster" + (options.Dir is null ? " and deletes its data." : "."));
    }
}
