using System.Globalization;
using System.Text;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>`shardstore dev --processes` as a user runs it: the tests find its nodes among its child processes and kill
/// those, and start one again with the command line that it had.</summary>
internal sealed class DevCommand : IAsyncDisposable
{
    private const int PeerOffset = 100;
    private const int AdminOffset = 200;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(90);
    private readonly int _port;
    private readonly string _folder;
    private readonly List<NodeProcess> _startedAgain = [];
    private NodeProcess _dev;

    private DevCommand()
    {
        _port = Ports.FreeRun(Nodes, PeerOffset, AdminOffset);
        _folder = Directory.CreateTempSubdirectory("shardstore-test-").FullName;
        _dev = Launch();
    }

    public static int Nodes => 3;
    public static int Shards => 12;
    public string[] Endpoints => [.. Enumerable.Range(_port, Nodes).Select(port => $"127.0.0.1:{port}")];

    public static async Task<DevCommand> StartAsync()
    {
        var dev = new DevCommand();
        await dev.WaitReadyAsync();
        return dev;
    }

    /// <summary>By node index: the ids of `dev`'s own children.</summary>
    public async Task<int[]> NodeIdsAsync()
    {
        var found = new SortedDictionary<string, int>();
        await Waiting.UntilAsync(
            () =>
            {
                found.Clear();
                foreach (var child in ChildrenOf(_dev.Id))
                    found[ArgumentsOf(child).SkipWhile(word => word != "--id").ElementAtOrDefault(1) ?? ""] = child;
                return found.Count == Nodes && !found.ContainsKey("");
            },
            ReadyTimeout, () => $"children of dev: {string.Join(' ', found)}");
        return [.. found.Values];
    }

    /// <summary>kill -9 of some nodes; returns their command lines.</summary>
    public static async Task<string[][]> KillAsync(params int[] processes)
    {
        var lines = processes.Select(ArgumentsOf).ToArray();
        foreach (var process in processes)
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            found.Kill();
        }
        await Waiting.UntilAsync(
            () => processes.All(process => ArgumentsOf(process).Length == 0), ReadyTimeout,
            () => "killed processes are still there");
        return lines;
    }

    /// <summary>A node started by hand, as whoever killed it would.</summary>
    public NodeProcess StartAgain(string[] commandLine)
    {
        var node = NodeProcess.Start(commandLine.SkipWhile(word => word != "node"));
        _startedAgain.Add(node);
        return node;
    }

    /// <summary>All nodes are dead: `dev` must say so and end; then the whole command again on the same folder.
    /// </summary>
    public async Task StartAllAgainAsync()
    {
        await _dev.WaitForExitAsync(ReadyTimeout);
        Assert.Equal(1, _dev.ExitCode);
        await _dev.DisposeAsync();
        _dev = Launch();
        await WaitReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _dev.StopAsync();
        await _dev.DisposeAsync();
        foreach (var node in _startedAgain)
            await node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private NodeProcess Launch() => NodeProcess.Start(
        "dev", "--processes", "--dir", _folder, "--port", Text(_port), "--admin-port", Text(_port + AdminOffset),
        "--shards", Text(Shards), "--memory-mb", "256", "--balancer", "off");

    private Task WaitReadyAsync() => Waiting.UntilAsync(
        () => _dev.Output.Contains("Ctrl-C", StringComparison.Ordinal)
            || (_dev.HasExited ? throw new InvalidOperationException($"dev ended:\n{_dev.Errors}") : false),
        ReadyTimeout, () => $"dev announced nothing; it wrote:\n{_dev.Errors}{_dev.Output}");

    private static IEnumerable<int> ChildrenOf(int process)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id)
                && ReadAll(Path.Combine(folder, "status")).Split('\n').Contains($"PPid:\t{process}"))
                yield return id;
        }
    }

    /// <summary>Empty when the process is gone or dead.</summary>
    private static string[] ArgumentsOf(int process) =>
        ReadAll($"/proc/{process}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static string ReadAll(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (IOException)
        {
            // It ended between being listed and being read.
            return "";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
