using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>Three real Redis processes in cluster mode on free ports of loopback, gone with their folder at the end.
/// </summary>
public sealed class RedisCluster : IAsyncLifetime
{
    internal const string ServerPath = "/usr/bin/redis-server";
    internal const string CommandPath = "/usr/bin/redis-cli";
    private const int NodeCount = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("redis-cluster-").FullName;
    private readonly List<Process> _servers = [];

    internal IReadOnlyList<int> Ports { get; private set; } = [];

    internal string[] Endpoints => [.. Ports.Select(p => $"127.0.0.1:{p}")];

    public async Task InitializeAsync()
    {
        if (!File.Exists(ServerPath))
            return;
        Ports = [.. Enumerable.Range(0, NodeCount).Select(_ => FreePort())];
        foreach (var port in Ports)
            _servers.Add(Start(port));
        foreach (var port in Ports)
            await UntilAsync(port, "PONG", "PING");
        await RunAsync(["--cluster", "create", .. Endpoints, "--cluster-yes"]);
        foreach (var port in Ports)
            await UntilAsync(port, "cluster_state:ok", "CLUSTER", "INFO");
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    internal void Kill(int index) => _servers[index].Kill();

    internal async Task<string> IdOfAsync(int index) =>
        (await RunAsync(["-p", Ports[index].ToString(), "CLUSTER", "MYID"])).Trim();

    /// <summary>Moves slots, with their keys, the way Redis' own tool does: key by key, with ASK redirects.</summary>
    internal async Task MoveSlotsAsync(int count, int from, int to) => await RunAsync([
        "--cluster", "reshard", Endpoints[0], "--cluster-from", await IdOfAsync(from), "--cluster-to",
        await IdOfAsync(to), "--cluster-slots", count.ToString(), "--cluster-yes",
    ]);

    internal static async Task<string> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(CommandPath, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        if (process.ExitCode != 0 && arguments.Contains("--cluster"))
            throw new InvalidOperationException(
                $"redis-cli {string.Join(' ', arguments)}: {await output} {await errors}");
        return await output;
    }

    private static async Task UntilAsync(int port, string expected, params string[] command)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await RunAsync(["-p", port.ToString(), .. command])).Contains(expected, StringComparison.Ordinal))
            Assert.False(deadline.IsCancellationRequested, $"redis on port {port} never said {expected}");
    }

    private Process Start(int port)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, port.ToString())).FullName;
        return Process.Start(new ProcessStartInfo(ServerPath, [
            "--port", port.ToString(), "--bind", "127.0.0.1", "--cluster-enabled", "yes", "--dir", folder,
            "--save", "", "--appendonly", "no", "--cluster-node-timeout", "5000",
            "--cluster-require-full-coverage", "no",
        ])
        { RedirectStandardOutput = true })!;
    }

    /// <summary>The cluster's own bus listens 10,000 ports higher, so both must be free.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (port < 55_000 && IsFree(port + 10_000))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
