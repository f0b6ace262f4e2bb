using System.Globalization;
using System.Text.Json;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Utilization;

/// <summary>A node in each namespace of a <see cref="NodeLan"/>, all on the same ports of their own addresses, asked by
/// `ctl` from inside its own namespace.</summary>
internal sealed class LanCluster : IAsyncDisposable
{
    public const int ClientPort = 7001;
    public const int PeerPort = 7101;
    public const int AdminPort = 8001;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-test-").FullName;
    private readonly List<NodeProcess> _nodes = [];

    public LanCluster(int nodes, int shards, int replicas)
    {
        Lan = new NodeLan(nodes);
        var join = string.Join(',', Enumerable.Range(0, nodes).Select(host => At(host, PeerPort)));
        for (var host = 0; host < nodes; host++)
        {
            _nodes.Add(NodeProcess.StartIn(Lan.NamespaceOf(host),
            [
                "node", "--id", $"n{host + 1}", "--dir", Path.Combine(_folder, $"n{host + 1}"), "--allow-remote",
                "--listen", At(host, ClientPort), "--peer-listen", At(host, PeerPort),
                "--admin-listen", At(host, AdminPort), "--join", join, "--shards", Text(shards),
                "--replicas", Text(replicas), "--balancer", "off", "--memory-mb", "64",
            ]));
        }
    }

    public NodeLan Lan { get; }

    /// <summary>What `ctl nodes` shows on a node; empty while it does not answer.</summary>
    public async Task<NodeView[]> NodesSeenByAsync(int host)
    {
        await using var ctl = NodeProcess.StartIn(
            Lan.NamespaceOf(host), ["ctl", "--admin", $"http://{At(host, AdminPort)}", "nodes", "--json"]);
        await ctl.WaitForExitAsync(TimeSpan.FromSeconds(30));
        return ctl.ExitCode == 0
            ? JsonSerializer.Deserialize<NodeView[]>(ctl.Output, JsonSerializerOptions.Web)!
            : [];
    }

    public Task WaitReadyAsync() => Waiting.UntilAsync(
        async () =>
        {
            if (_nodes.Find(node => node.HasExited) is { } ended)
                throw new InvalidOperationException($"a node ended:\n{ended.Errors}{ended.Output}");
            var seen = await Task.WhenAll(_nodes.Index().Select(node => NodesSeenByAsync(node.Index)));
            return seen.All(nodes => nodes.Length == _nodes.Count && nodes.All(node => node.Utilization is not null));
        },
        ReadyTimeout, () => string.Join('\n', _nodes.Select(node => node.Errors)));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Lan.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string At(int host, int port) => $"{Lan.AddressOf(host)}:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
