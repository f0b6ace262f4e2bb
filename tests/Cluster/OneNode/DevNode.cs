using ShardStore.Cluster.Tests.BadInput;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.OneNode;

/// <summary>`dev --nodes 1 --replicas 1` as somebody runs it at a terminal, with a temporary folder of its own.
/// </summary>
public class DevNode : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly int _shards;
    private readonly int[] _ports = Ports.Free(2);
    private ToolProcess? _dev;

    public DevNode() : this(shards: 48)
    {
    }

    internal DevNode(int shards) => _shards = shards;

    internal int Port => _ports[0];

    /// <summary>Where the node makes its folder.</summary>
    internal string Temporary { get; private set; } = "";

    internal ToolProcess Process => _dev!;

    public async Task InitializeAsync()
    {
        var memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        Temporary = Path.Combine(memory, $"shardstore-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Temporary);
        // A shell that runs the tests in the background makes its children ignore Ctrl-C.
        _dev = ToolProcess.Start("env", "--default-signal=INT", $"TMPDIR={Temporary}", "dotnet", NodeProcess.Program,
            "dev", "--nodes", "1", "--replicas", "1", "--shards", NodeTrial.Text(_shards), "--memory-mb", "256",
            "--port", NodeTrial.Text(_ports[0]), "--admin-port", NodeTrial.Text(_ports[1]), "--balancer", "off");
        await _dev.WaitForLineAsync("Ctrl-C ends", Deadline);
    }

    public async Task DisposeAsync()
    {
        if (_dev != null)
            await _dev.DisposeAsync();
        Directory.Delete(Temporary, recursive: true);
    }

    internal Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(Port);
}
