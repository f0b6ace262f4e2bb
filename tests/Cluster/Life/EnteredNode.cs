using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Life;

/// <summary>A node that enters a running cluster: its process, and what it is started with.</summary>
internal sealed class EnteredNode(ClusterProcess cluster, string name, int memberAdminPort) : IAsyncDisposable
{
    private readonly int[] _ports = Ports.Free(3);
    private NodeProcess? _process;

    public string Name => name;
    public string Endpoint => $"127.0.0.1:{_ports[0]}";
    public int AdminPort => _ports[2];
    public NodeProcess Process => _process ?? throw new InvalidOperationException($"{name} is down");

    private string Folder => Path.Combine(cluster.Folder, name);

    public string[] Arguments =>
    [
        "node", "--id", name, "--dir", Folder, "--listen", Endpoint, "--peer-listen", $"127.0.0.1:{_ports[1]}",
        "--admin-listen", $"127.0.0.1:{AdminPort}", "--enter", $"127.0.0.1:{memberAdminPort}", "--balancer", "off",
        "--memory-mb", "256", "--capacity-cores", "1",
    ];

    public void Start() => _process = NodeProcess.Start(Arguments);

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await DisposeAsync();
    }

    /// <summary>What a new disk in place of the old one is.</summary>
    public void LoseData() => Directory.Delete(Folder, recursive: true);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }
}
