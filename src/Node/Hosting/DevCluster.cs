using Microsoft.Extensions.Logging;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Hosting;

/// <summary>`dev`: a whole cluster on this machine, in this process or one process a node.</summary>
public sealed class DevCluster(DevOptions options)
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var directory = options.Dir ?? Directory.CreateTempSubdirectory("shardstore-dev-").FullName;
        var nodes = LocalCluster.OptionsOf(options, directory);
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
        var environment = new NodeEnvironment
        {
            Loggers = loggers,
            Shared = new SharedProcess(new ProcessReadings()),
        };
        await using var cluster = await LocalCluster.StartAsync(nodes, environment);
        if (await cluster.IsFormedAsync(ReadyTimeout, stop))
        {
            Announce(nodes);
            await Hosts.WaitAsync(stop);
        }
        else if (!stop.IsCancellationRequested)
        {
            throw new IOException($"the cluster did not form within {ReadyTimeout.TotalSeconds:0} s");
        }
        return 0;
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
