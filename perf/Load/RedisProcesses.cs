using System.Diagnostics;

namespace ShardStore.Load;

/// <summary>Redis Cluster of three masters, as Debian packs it: the yardstick in the same run.</summary>
internal sealed class RedisProcesses : IStoreCluster
{
    private const int Nodes = 3;
    private const int BusOffset = 10_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-load-").FullName;
    private readonly List<Process> _servers = [];
    private readonly string _sync;

    private RedisProcesses(string sync)
    {
        _sync = sync;
        var first = Child.FreePorts(Nodes, BusOffset);
        Endpoints = [.. Enumerable.Range(first, Nodes).Select(port => $"127.0.0.1:{port}")];
        for (var port = first; port < first + Nodes; port++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{port}")).FullName;
            _servers.Add(Child.Start("redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder,
                "--cluster-enabled", "yes", "--appendonly", "yes", "--appendfsync", sync, "--save", ""));
        }
    }

    public static bool IsInstalled => File.Exists("/usr/bin/redis-server");

    public string Name => $"redis-{_sync}";

    public string Durability => _sync == "always" ? "fsync on one node, no copy" : "fsync once a second, no copy";

    public IReadOnlyList<string> Endpoints { get; }

    /// <param name="sync">Redis' appendfsync: always or everysec.</param>
    public static async Task<IStoreCluster> StartAsync(string sync)
    {
        var cluster = new RedisProcesses(sync);
        await cluster.AllSayAsync("PONG", "PING");
        await Child.RunAsync("redis-cli", ["--cluster", "create", .. cluster.Endpoints, "--cluster-yes"]);
        await cluster.AllSayAsync("cluster_state:ok", "CLUSTER", "INFO");
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await Child.EndAsync(server);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AllSayAsync(string expected, params string[] command)
    {
        foreach (var endpoint in Endpoints)
        {
            var port = endpoint[(endpoint.IndexOf(':') + 1)..];
            await Child.UntilAsync(
                async () => (await Child.RunAsync("redis-cli", ["-p", port, .. command])).Contains(expected),
                $"redis on port {port} says {expected}");
        }
    }
}
