using System.Diagnostics;
using ShardStore.Perf;

namespace ShardStore.Load;

/// <summary>`shardstore dev --processes` with its defaults.</summary>
internal sealed class ShardStoreProcesses : IStoreCluster
{
    private const int Nodes = 3;
    private const int AdminOffset = 50;
    private readonly Process _dev;
    private readonly int _port = Child.FreePorts(Nodes, AdminOffset);

    private ShardStoreProcesses() => _dev = Child.Start(
        Path.Combine(Provenance.Root, "shardstore"), "dev", "--processes", "--port", $"{_port}",
        "--admin-port", $"{_port + AdminOffset}", "--balancer", "off");

    public string Name => "shardstore";

    public string Durability => "fsync on a majority of three";

    public IReadOnlyList<string> Endpoints => [.. Enumerable.Range(_port, Nodes).Select(port => $"127.0.0.1:{port}")];

    public static async Task<IStoreCluster> StartAsync()
    {
        var cluster = new ShardStoreProcesses();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Child.UntilAsync(() => cluster.IsReadyAsync(http), "shardstore is ready");
        return cluster;
    }

    public async ValueTask DisposeAsync() => await Child.EndAsync(_dev);

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        if (_dev.HasExited)
            throw new IOException($"shardstore dev ended with code {_dev.ExitCode}");
        try
        {
            for (var node = 0; node < Nodes; node++)
            {
                var admin = _port + AdminOffset + node;
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{admin}/readyz"));
                if (!answer.IsSuccessStatusCode)
                    return false;
            }
            return true;
        }
        catch (Exception refused) when (refused is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
