using System.Globalization;
using System.Net;
using ShardStore.Cluster.Tests.Disks;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Cluster.Tests.Utilization;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Real nodes, each in a network namespace and on a disk of its own, with this process plugged into their
/// network. Settings that a fault does not need are the program's defaults.</summary>
internal sealed class NemesisCluster : IAsyncDisposable
{
    public const int Shards = 6;
    private const int Replicas = 3;
    private const int DiskMb = 900;
    private const int ClientPort = 7001;
    private const int PeerPort = 7101;
    private const int AdminPort = 8001;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(90);
    private readonly NodeProcess?[] _nodes;
    private readonly SmallDisk[] _disks;
    private readonly string[] _more;
    private readonly string _folder;

    private NemesisCluster(int nodes, string[] more)
    {
        _more = more;
        _nodes = new NodeProcess?[nodes];
        _disks = new SmallDisk[nodes];
        _folder = ClusterProcess.NewFolder(onDisk: false);
        var mark = Environment.ProcessId;
        Lan = new NodeLan(nodes, $"10.{128 + (mark / 250 % 100)}.{mark % 250}");
    }

    public NodeLan Lan { get; }
    public int Count => _nodes.Length;
    public string Folder => _folder;
    public IReadOnlyList<SmallDisk> Disks => _disks;
    public string[] Endpoints => [.. Hosts.Select(host => At(host, ClientPort))];
    public AdminApi Api { get; private set; } = null!;
    public IPEndPoint EndpointOf(int host) => IPEndPoint.Parse(At(host, ClientPort));
    public IEnumerable<int> Hosts => Enumerable.Range(0, Count);
    public NodeProcess this[int host] =>
        _nodes[host] ?? throw new InvalidOperationException($"node {host + 1} is down");

    public static async Task<NemesisCluster> StartAsync(int nodes, params string[] more)
    {
        var cluster = new NemesisCluster(nodes, more);
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public void Start(int host, params string[] wrapper) =>
        _nodes[host] = NodeProcess.StartIn(Lan.NamespaceOf(host), ArgumentsOf(host), wrapper);

    public async Task KillAsync(int host)
    {
        await using var process = this[host];
        _nodes[host] = null;
        await process.KillAsync();
    }

    public async Task RestartAsync(int host, params string[] wrapper)
    {
        await KillAsync(host);
        Start(host, wrapper);
    }

    /// <summary>Waits for a node to end by itself, and tells how.</summary>
    public async Task<(int ExitCode, string Errors)> WaitEndAsync(int host, TimeSpan timeout)
    {
        await using var process = this[host];
        _nodes[host] = null;
        await process.WaitForExitAsync(timeout);
        return (process.ExitCode, process.Errors);
    }

    public bool IsUp(int host) => _nodes[host] is { HasExited: false };

    /// <summary>Host that leads most shards, as some node knows.</summary>
    public async Task<int> BusiestAsync() =>
        (await Api.NodesAsync()).MaxBy(node => node.ShardsLed)!.Number - 1;

    /// <summary>Every node answers, is alive in the others' eyes, and every shard has a leader.</summary>
    public async Task WaitHealthyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Waiting.UntilAsync(
            async () =>
            {
                if (Hosts.FirstOrDefault(host => !IsUp(host), -1) is >= 0 and var down)
                    throw new InvalidOperationException($"n{down + 1} ended:\n{Errors()}");
                var ready = await Task.WhenAll(Hosts.Select(host => IsReadyAsync(http, host)));
                return ready.All(isReady => isReady);
            },
            ReadyTimeout, () => $"not all nodes are ready:\n{Errors()}");
    }

    /// <summary>What nodes wrote to stderr.</summary>
    public string Errors() => string.Join('\n', Hosts.Select(host => $"n{host + 1}: {_nodes[host]?.Errors ?? "down"}"));

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        foreach (var node in _nodes.OfType<NodeProcess>())
            await node.DisposeAsync();
        foreach (var disk in _disks.OfType<SmallDisk>())
            await disk.DisposeAsync();
        Lan.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAllAsync()
    {
        Lan.Open();
        Api = new AdminApi([.. Hosts.Select(host => At(host, AdminPort))]);
        foreach (var host in Hosts)
        {
            var image = Path.Combine(_folder, $"n{host + 1}.image");
            _disks[host] = await SmallDisk.MountExt4Async(DirOf(host), image, DiskMb);
            Start(host);
        }
        await WaitHealthyAsync();
    }

    private string DirOf(int host) => Path.Combine(_folder, $"n{host + 1}");

    private string[] ArgumentsOf(int host) =>
    [
        "node", "--id", $"n{host + 1}", "--dir", DirOf(host), "--allow-remote",
        "--listen", At(host, ClientPort), "--peer-listen", At(host, PeerPort), "--admin-listen", At(host, AdminPort),
        "--join", string.Join(',', Hosts.Select(other => At(other, PeerPort))),
        "--shards", Text(Shards), "--replicas", Text(Replicas), "--balancer", "off", "--memory-mb", "64", .. _more,
    ];

    private async Task<bool> IsReadyAsync(HttpClient http, int host)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{At(host, AdminPort)}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private string At(int host, int port) => $"{Lan.AddressOf(host)}:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
