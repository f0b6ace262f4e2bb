using System.Globalization;
using System.Net;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>A folder, free ports, and the command line of a node of one that is to be started on them.</summary>
internal sealed class NodeTrial : IDisposable
{
    private readonly int[] _ports = Ports.Free(3);

    public string Root { get; } = Directory.CreateTempSubdirectory("shardstore-test-").FullName;
    public string Dir => Path.Combine(Root, "n1");
    public int ClientPort => _ports[0];
    public int PeerPort => _ports[1];
    public int AdminPort => _ports[2];
    public string PeerListen => At(PeerPort);

    public string[] Arguments(params string[] more)
    {
        string[] usual =
        [
            "--id", "n1", "--dir", Dir, "--listen", At(ClientPort), "--peer-listen", PeerListen,
            "--admin-listen", At(AdminPort), "--shards", "4", "--replicas", "1", "--memory-mb", "64",
            "--capacity-cores", "1", "--checkpoint-mb", "1", "--balancer", "off",
        ];
        var replaced = more.Where(word => word.StartsWith("--", StringComparison.Ordinal)).ToHashSet();
        var kept = usual.Chunk(2).Where(pair => !replaced.Contains(pair[0])).SelectMany(pair => pair);
        return ["node", .. kept, .. more];
    }

    /// <summary>Starts the node, which must end by itself.</summary>
    public async Task<ToolResult> RunAsync(params string[] more)
    {
        var (code, output, errors) = await NodeProcess.RunAsync(Arguments(more));
        return new ToolResult(code, output, errors);
    }

    /// <summary>Starts the node and waits until it serves keys.</summary>
    public async Task<NodeProcess> StartAsync(params string[] more)
    {
        var node = NodeProcess.Start(Arguments(more));
        await Waiting.UntilAsync(
            async () =>
            {
                Assert.False(node.HasExited, $"the node ended:\n{node.Errors}{node.Output}");
                return await IsServingAsync();
            },
            ClusterProcess.ReadyTimeout, () => node.Errors + node.Output);
        return node;
    }

    public string Call(string command)
    {
        using var client = ShardStore.Node.Tests.Commands.RespClient.ConnectAsync(ClientPort).GetAwaiter().GetResult();
        return client.Call(command);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static string At(int port) => new IPEndPoint(IPAddress.Loopback, port).ToString();

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<bool> IsServingAsync()
    {
        try
        {
            using var client = await ShardStore.Node.Tests.Commands.RespClient.ConnectAsync(ClientPort);
            return !client.Call("GET any").StartsWith('-');
        }
        catch (Exception refused) when (refused is System.Net.Sockets.SocketException or IOException)
        {
            return false;
        }
    }
}
