using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>A cluster of real `shardstore node` processes on free ports of loopback, each with a folder of its own; all
/// gone at the end.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    public static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(90);
    private readonly ClusterShape _shape;
    private readonly int[] _peerPorts;
    private readonly NodeProcess?[] _nodes;
    private readonly List<IAsyncDisposable> _owned = [];

    private ClusterProcess(ClusterShape shape)
    {
        _shape = shape;
        var ports = Support.Ports.Free(3 * shape.Nodes);
        Ports = ports[..shape.Nodes];
        AdminPorts = ports[shape.Nodes..(2 * shape.Nodes)];
        _peerPorts = ports[(2 * shape.Nodes)..];
        _nodes = new NodeProcess?[shape.Nodes];
        Folder = NewFolder(shape.OnDisk);
    }

    public int Count => _shape.Nodes;

    /// <summary>Client ports, by node index from 0.</summary>
    public IReadOnlyList<int> Ports { get; }

    public IReadOnlyList<int> AdminPorts { get; }
    public IReadOnlyList<int> PeerPorts => _peerPorts;
    public string Folder { get; }
    public string[] Endpoints => [.. Ports.Select(port => $"127.0.0.1:{port}")];
    public NodeProcess this[int node] =>
        _nodes[node] ?? throw new InvalidOperationException($"node {node + 1} is down");

    /// <param name="shape">How the cluster should be.</param>
    /// <param name="prepare">Runs before the nodes, on their empty folder.</param>
    public static async Task<ClusterProcess> StartAsync(
        ClusterShape? shape = null, Func<ClusterProcess, Task>? prepare = null)
    {
        var cluster = await BeginAsync(shape, prepare);
        try
        {
            await cluster.WaitReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The processes run, and nothing is waited for.</summary>
    public static async Task<ClusterProcess> BeginAsync(
        ClusterShape? shape = null, Func<ClusterProcess, Task>? prepare = null)
    {
        var cluster = new ClusterProcess(shape ?? new ClusterShape());
        try
        {
            if (prepare != null)
                await prepare(cluster);
            for (var i = 0; i < cluster.Count; i++)
                cluster.Start(i);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Something inside the folder that must go after the nodes and before the folder.</summary>
    public T Own<T>(T owned) where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public string DirOf(int node) => Path.Combine(Folder, $"n{node + 1}");

    /// <summary>The command line of a node, for tests that start it themselves.</summary>
    public string[] ArgumentsOf(int node) =>
    [
        "node", "--id", $"n{node + 1}", "--dir", DirOf(node),
        "--listen", At(Ports[node]), "--peer-listen", At(_peerPorts[node]), "--admin-listen", At(AdminPorts[node]),
        "--join", string.Join(',', _peerPorts.Select(At)),
        "--shards", Text(_shape.Shards), "--replicas", Text(_shape.Replicas),
        "--memory-mb", Text(_shape.MemoryMb), "--capacity-cores", Text(_shape.CapacityCores),
        "--balancer", _shape.Balancer, "--checkpoint-mb", Text(_shape.CheckpointMb), .. _shape.More,
    ];

    public void Start(int node) => _nodes[node] = NodeProcess.Start(ArgumentsOf(node));

    /// <summary>Under another program, such as strace.</summary>
    public NodeProcess StartUnder(int node, IEnumerable<string> wrapper) =>
        _nodes[node] = NodeProcess.StartUnder(wrapper, ArgumentsOf(node));

    /// <summary>Waits for a node to end by itself; returns its code and what it wrote.</summary>
    public async Task<(int ExitCode, string Errors)> WaitEndAsync(int node, TimeSpan timeout)
    {
        await using var process = Take(node);
        await process.WaitForExitAsync(timeout);
        return (process.ExitCode, process.Errors);
    }

    public async Task KillAsync(int node)
    {
        await using var process = Take(node);
        await process.KillAsync();
    }

    /// <summary>SIGTERM and a drain, which must end well.</summary>
    public async Task StopAsync(int node)
    {
        await using var process = Take(node);
        var code = await process.StopAsync();
        Assert.True(code == 0, $"n{node + 1} stopped with code {code} and wrote:\n{process.Errors}{process.Output}");
    }

    /// <summary>kill -9 and start, without waiting for the node to be ready.</summary>
    public async Task RestartAsync(int node)
    {
        await KillAsync(node);
        Start(node);
    }

    /// <summary>Every running node knows a leader of every shard, and all tell the same map.</summary>
    public async Task WaitReadyAsync()
    {
        var seen = "";
        await Waiting.UntilAsync(
            async () =>
            {
                FailIfEnded();
                var maps = await Task.WhenAll(Running().Select(MapSeenByAsync));
                seen = string.Join("\n---\n", maps);
                return maps.All(map => map.Length > 0 && map == maps[0] && ShowsAll(map));
            },
            ReadyTimeout,
            () => $"the cluster is not ready; its maps:\n{seen}\n{Errors()}");
    }

    /// <summary>What all nodes wrote to stderr and stdout, for a failing test to show.</summary>
    public string Errors() => string.Join('\n', Enumerable.Range(0, Count).Select(node =>
        _nodes[node] is { } process ? $"n{node + 1}: {process.Errors}{process.Output}" : $"n{node + 1}: down"));

    public Task<RespClient> ConnectAsync(int node = 0) => RespClient.ConnectAsync(Ports[node]);

    /// <summary>As soon as the node listens, however little it knows yet.</summary>
    public async Task<RespClient> ConnectAtOnceAsync(int node = 0)
    {
        RespClient? client = null;
        await Waiting.UntilAsync(
            async () =>
            {
                try
                {
                    client = await ConnectAsync(node);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            ReadyTimeout, Errors);
        return client!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            if (node != null)
                await node.DisposeAsync();
        }
        foreach (var owned in _owned)
            await owned.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private NodeProcess Take(int node)
    {
        var process = this[node];
        _nodes[node] = null;
        return process;
    }

    private IEnumerable<int> Running() => Enumerable.Range(0, Count).Where(node => _nodes[node] != null);

    private void FailIfEnded()
    {
        foreach (var node in Running().Where(node => this[node].HasExited))
            throw new InvalidOperationException($"n{node + 1} ended with code {this[node].ExitCode}:\n{Errors()}");
    }

    /// <summary>Slots that have a node in what CLUSTER NODES tells.</summary>
    public static int SlotsIn(string map)
    {
        var slots = 0;
        foreach (var range in map.Split('\n').SelectMany(line => line.Split(' ').Skip(8)))
        {
            var ends = range.Split('-');
            slots += Number(ends[^1]) - Number(ends[0]) + 1;
        }
        return slots;
    }

    private bool ShowsAll(string map) =>
        SlotsIn(map) == 16_384 && map.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == Count;

    /// <summary>CLUSTER NODES without "myself"; empty while the node does not answer or has no leader for a shard.
    /// </summary>
    private async Task<string> MapSeenByAsync(int node)
    {
        try
        {
            using var client = await RespClient.ConnectAsync(Ports[node]);
            // Asks every shard: a map may still name leaders that are only presumed.
            var map = client.Call("CLUSTER NODES").Trim('"');
            return client.Call("DBSIZE").StartsWith(':') ? map.Replace("myself,", "", StringComparison.Ordinal) : "";
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return "";
        }
    }

    /// <summary>Memory-backed where there is room, unless the test is about disks: syncs of a shared disk cost most of
    /// the time of tests that ask about protocols.</summary>
    internal static string NewFolder(bool onDisk)
    {
        const string memory = "/dev/shm";
        const long roomBytesMin = 4L << 30;
        if (onDisk || !Directory.Exists(memory) || new DriveInfo(memory).AvailableFreeSpace < roomBytesMin)
            return Directory.CreateTempSubdirectory("shardstore-test-").FullName;
        return Directory.CreateDirectory(Path.Combine(memory, $"shardstore-test-{Guid.NewGuid():N}")).FullName;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string At(int port) => new IPEndPoint(IPAddress.Loopback, port).ToString();

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
